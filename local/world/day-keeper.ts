import { marketPhase, type Session } from "../../shared/domain/market/calendar.ts";
import type { Timers } from "../../shared/ports/timers.ts";
import type { WorldClock } from "./world-clock.ts";
import { hoursToSkip } from "./world-days.ts";
import type { TellEvent } from "./world-event.ts";

/** What keeps the days. */
export type DayKeeperDeps = {
  readonly clock: WorldClock;
  readonly timers: Timers;
  readonly tell: TellEvent;
  /** The session that follows a moment; `undefined` when there is none any more. */
  readonly sessionAfter: (nowMs: number) => Session | undefined;
  /** Whether this world's time may be moved at all. */
  readonly skipsClosedHours: boolean;
  /** Nothing is at work: only then may hours be skipped. */
  readonly isIdle: () => boolean;
  readonly onJump: () => void;
};

/** Promises the clock's time, tells the market's hours, and skips those in which it is closed. */
export type DayKeeper = { readonly start: () => void; readonly stop: () => void };

/** Several times within the span that the clock is promised. */
const LOOK_EVERY_MS = 400;

/** Makes a day keeper; it looks at the clock a few times a second of the host. */
export const createDayKeeper = (deps: DayKeeperDeps): DayKeeper => {
  const { clock, timers, tell } = deps;
  let cancel: (() => void) | undefined;
  let isStopped = true;
  let wasOpen = false;
  let hasEnded = false;

  const look = (): void => {
    if (isStopped) return;
    clock.renew();
    const nowMs = clock.nowMs();
    const { phase, session } = marketPhase(nowMs);
    const isOpen = phase === "open";
    if (isOpen !== wasOpen && session !== undefined) {
      tell({ type: isOpen ? "sessionOpened" : "sessionClosed", atMs: nowMs, date: session.date });
    }
    wasOpen = isOpen;
    if (!isOpen && deps.skipsClosedHours) skip(nowMs);
    cancel = timers.after(LOOK_EVERY_MS, look);
  };

  const skip = (nowMs: number): void => {
    const skipped = hoursToSkip(nowMs, deps.sessionAfter);
    switch (skipped.type) {
      case "none":
        return;
      case "over":
        if (!hasEnded) tell({ type: "recordingOver", atMs: nowMs });
        hasEnded = true;
        return;
      case "until": {
        if (!deps.isIdle()) return;
        const { resumeAtMs, session } = skipped;
        clock.jumpTo(resumeAtMs);
        const { date } = session;
        tell({ type: "timeSkipped", atMs: resumeAtMs, fromMs: nowMs, toMs: resumeAtMs, date });
        deps.onJump();
      }
    }
  };

  return {
    start: () => {
      isStopped = false;
      look();
    },
    stop: () => {
      isStopped = true;
      cancel?.();
    },
  };
};
