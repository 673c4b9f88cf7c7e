import type { Timers } from "../../shared/ports/timers.ts";
import type { WorldClock } from "./world-clock.ts";

/** Something that is to be done again and again, at fixed moments of the world's time. */
export type Schedule = {
  readonly name: string;
  /** Slots are `phaseMs` after each whole multiple of this, epoch ms. */
  readonly everyMs: number;
  readonly phaseMs: number;
  /** Does the work of one slot; what it throws is counted and reported, never fatal. */
  readonly run: (slotMs: number) => Promise<void>;
};

/** What a schedule has come to since the start. */
export type ScheduleCounts = {
  readonly started: number;
  /** Slots that came while the one before was still at work, or while the host was away. */
  readonly skipped: number;
  readonly failed: number;
};

/** Keeps all schedules. */
export type Scheduler = {
  readonly start: () => void;
  /** Counts from the clock afresh, after it was put forward: what was jumped over is not missed. */
  readonly replan: () => void;
  /** Starts no slot any more and waits for the work that is under way. */
  readonly stop: () => Promise<void>;
  readonly isIdle: () => boolean;
  readonly counts: () => Readonly<Record<string, ScheduleCounts>>;
};

/** What a scheduler needs. */
export type SchedulerDeps = {
  readonly clock: Pick<WorldClock, "nowMs" | "hostMsUntil">;
  readonly timers: Timers;
  readonly schedules: readonly Schedule[];
  readonly onFailure: (name: string, error: unknown) => void;
};

/** The first slot of a schedule after a moment. */
export const slotAfter = (
  { everyMs, phaseMs }: Pick<Schedule, "everyMs" | "phaseMs">,
  atMs: number,
): number => (Math.floor((atMs - phaseMs) / everyMs) + 1) * everyMs + phaseMs;

type Running = Schedule & {
  nextSlotMs: number;
  current: Promise<void> | undefined;
  started: number;
  skipped: number;
  failed: number;
};

/**
 * Runs schedules on the world's clock. Slots are computed from the clock, never from the wait
 * before, so that nothing drifts. Of several slots that have passed only the last is run, and a
 * slot that comes while the one before is at work is skipped: work never piles up. A scheduler in
 * the cloud would start a second execution beside the first, which the claim makes harmless; here
 * one process does everything, and a pile would only make each cycle later than the one before.
 */
export const createScheduler = (deps: SchedulerDeps): Scheduler => {
  const running: Running[] = deps.schedules.map((schedule) => ({
    ...schedule,
    nextSlotMs: Infinity,
    current: undefined,
    started: 0,
    skipped: 0,
    failed: 0,
  }));
  let cancelTimer: (() => void) | undefined;
  let isStopped = true;

  const look = (): void => {
    if (isStopped) return;
    cancelTimer?.();
    const nowMs = deps.clock.nowMs();
    for (const schedule of running) runDueSlot(schedule, nowMs, deps.onFailure);
    const nextMs = Math.min(...running.map(({ nextSlotMs }) => nextSlotMs));
    cancelTimer = deps.timers.after(Math.max(1, deps.clock.hostMsUntil(nextMs)), look);
  };

  const replan = (): void => {
    const nowMs = deps.clock.nowMs();
    for (const schedule of running) schedule.nextSlotMs = slotAfter(schedule, nowMs);
    look();
  };

  return {
    start: () => {
      isStopped = false;
      replan();
    },
    replan,
    stop: async () => {
      isStopped = true;
      cancelTimer?.();
      for (const { current } of running) await current;
    },
    isIdle: () => running.every(({ current }) => current === undefined),
    counts: () =>
      Object.fromEntries(
        running.map(({ name, started, skipped, failed }) => [name, { started, skipped, failed }]),
      ),
  };
};

const runDueSlot = (
  schedule: Running,
  nowMs: number,
  onFailure: SchedulerDeps["onFailure"],
): void => {
  if (nowMs < schedule.nextSlotMs) return;
  const nextMs = slotAfter(schedule, nowMs);
  const slotMs = nextMs - schedule.everyMs;
  const missed = Math.round((slotMs - schedule.nextSlotMs) / schedule.everyMs);
  schedule.nextSlotMs = nextMs;
  schedule.skipped += missed;
  if (schedule.current !== undefined) {
    schedule.skipped += 1;
    return;
  }
  schedule.started += 1;
  schedule.current = schedule
    .run(slotMs)
    .catch((error: unknown) => {
      schedule.failed += 1;
      onFailure(schedule.name, error);
    })
    .finally(() => {
      schedule.current = undefined;
    });
};
