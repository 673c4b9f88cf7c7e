import type { Engine } from "../engine/engine.ts";
import type { FaultControl } from "../faults/fault-control.ts";

/** Something that a schedule starts every minute. */
export type ScheduleOptions = {
  readonly engine: Engine;
  readonly faults: FaultControl;
  readonly name: string;
  /** When in its minute a slot is started, ms; the service promises no more than the minute. */
  readonly phaseMs: number;
  /** `slotMs` is the time that the slot is for. Rejects when it was not started. */
  readonly start: (slotMs: number) => Promise<unknown>;
  /** Slots before and after these moments are not its own. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** The slot behind a slot; a minute later where it is left out. */
  readonly nextSlotMs?: (slotMs: number) => number;
};

const MS_PER_MINUTE = 60_000;
const JITTER_MS = 2_000;
/** A slot that could not be started is tried once more, and only while it is this young. */
const AGE_MAX_MS = 60_000;
const RETRY_MS = 15_000;
const ABOUT = { jitter: 51, late: 52, again: 53 } as const;

/** Starts a slot every minute, as the Scheduler does: late, twice or not at all where it fails. */
export const startSchedule = (options: ScheduleOptions): void => {
  const { engine, faults, name, firstMs, lastMs } = options;
  const place = faults.placeOf(`schedule ${name}`);
  const plan = (slotMs: number): void => {
    if (slotMs > lastMs) return;
    engine.at(slotMs, () => {
      plan(options.nextSlotMs?.(slotMs) ?? slotMs + MS_PER_MINUTE);
      const occasion = place.pass(slotMs);
      if (faults.strikes("slot-skipped", occasion, place.name)) return;
      const lateMs = faults.strikes("slot-late", occasion, place.name)
        ? faults.measure(occasion, ABOUT.late) * 2 * AGE_MAX_MS
        : 0;
      const jitterMs = faults.measure(occasion, ABOUT.jitter) * JITTER_MS;
      const startMs = slotMs + Math.floor(options.phaseMs + jitterMs + lateMs);
      engine.at(startMs, () => startSlot(options, slotMs, 1));
      if (faults.strikes("slot-twice", occasion, place.name)) {
        const againMs = Math.floor(faults.measure(occasion, ABOUT.again) * 20_000);
        engine.at(startMs + againMs, () => startSlot(options, slotMs, 2));
      }
    });
  };
  plan(Math.ceil(firstMs / MS_PER_MINUTE) * MS_PER_MINUTE);
};

const startSlot = (options: ScheduleOptions, slotMs: number, tries: number): void => {
  const { engine } = options;
  engine.wake();
  options.start(slotMs).catch(() => {
    const isYoung = engine.nowMs() + RETRY_MS - slotMs <= AGE_MAX_MS;
    if (tries === 1 && isYoung) engine.after(RETRY_MS, () => startSlot(options, slotMs, 2));
  });
};
