import { assert } from "../../shared/domain/assert.ts";
import type { Clock } from "../../shared/ports/clock.ts";

/**
 * Keeps the latest time that the world may have shown, durably, so that a restart never goes back.
 */
export type TimeKeeper = {
  /** The time promised before, epoch ms; `undefined` in a new world. */
  readonly load: () => number | undefined;
  /** Returns only when the promise is durable. */
  readonly save: (notBeforeMs: number) => void;
};

/** Where the world's time starts and how fast it runs. */
export type WorldClockOptions = {
  /** What drives it. */
  readonly host: Pick<Clock, "monotonicMs">;
  readonly keeper: TimeKeeper;
  /** Where a new world begins, epoch ms; a restart goes on from what was kept. */
  readonly startsAtMs: number;
  /** Its milliseconds per millisecond of the host; positive. */
  readonly speed: number;
};

/** The local world's time: runs `speed` times faster than the host's and can skip closed hours. */
export type WorldClock = Clock & {
  /** Promises more time; without it the clock stands still at the end of the last promise. */
  readonly renew: () => void;
  /** Goes on at a later moment; an earlier one changes nothing. */
  readonly jumpTo: (atMs: number) => void;
  /** The host's milliseconds until the clock shows `atMs`; 0 if it does already. */
  readonly hostMsUntil: (atMs: number) => number;
  /** Keeps the exact time, at the end of the world. */
  readonly stop: () => void;
};

/** One promise covers this much of the host's time; it is renewed several times within that. */
const PROMISE_HOST_MS = 2_000;

/**
 * A time is shown only after a moment at or after it was kept durably: a process that is killed
 * comes back at the end of its last promise, which nobody had seen the clock pass.
 */
export const createWorldClock = (options: WorldClockOptions): WorldClock => {
  const { host, keeper, speed } = options;
  assert(speed > 0 && Number.isFinite(speed), "A world's speed is a positive number.");
  const hostStartMs = host.monotonicMs();
  const kept = keeper.load();
  let anchor = { hostMs: hostStartMs, worldMs: kept ?? options.startsAtMs };
  let promisedMs = anchor.worldMs;

  const nowMs = (): number => {
    const elapsedMs = (host.monotonicMs() - anchor.hostMs) * speed;
    return Math.floor(Math.min(anchor.worldMs + elapsedMs, promisedMs));
  };
  const promise = (untilMs: number): void => {
    // What was not covered by a promise did not pass: the clock goes on from where it stood.
    anchor = { hostMs: host.monotonicMs(), worldMs: nowMs() };
    keeper.save(untilMs);
    promisedMs = untilMs;
  };
  const renew = (): void => promise(nowMs() + PROMISE_HOST_MS * speed);

  renew();
  return {
    nowMs,
    // Deadlines scale with the world, so that they agree with the moments in its records.
    monotonicMs: () => (host.monotonicMs() - hostStartMs) * speed,
    renew,
    jumpTo: (atMs) => {
      if (atMs <= nowMs()) return;
      keeper.save(atMs);
      anchor = { hostMs: host.monotonicMs(), worldMs: atMs };
      promisedMs = atMs;
      renew();
    },
    hostMsUntil: (atMs) => Math.max(0, (atMs - nowMs()) / speed),
    stop: () => {
      const endMs = nowMs();
      keeper.save(endMs);
      anchor = { hostMs: host.monotonicMs(), worldMs: endMs };
      promisedMs = endMs;
    },
  };
};
