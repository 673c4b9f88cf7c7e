import { assert } from "../../shared/domain/assert.ts";
import { createEventHeap, type HeapEvent } from "./event-heap.ts";

declare const plannedBrand: unique symbol;

/** Something that was put down to happen, and can still be taken back. */
export type Planned = { readonly [plannedBrand]: true };

/**
 * Virtual time: a heap of events, run one after another, in one thread. Production code runs as the
 * promises that it is. Whoever resumes some of it in an event says `wake`; then no other event runs
 * until all of that code waits again, so that the same events always meet the same code. An effect
 * that is done at once wakes nobody: what it sets off is done at once too, or says `wake` itself.
 */
export type Engine = {
  /** Virtual epoch milliseconds. */
  readonly nowMs: () => number;
  /** Puts an event down; one for the past happens now, behind what is there already. */
  readonly at: (atMs: number, run: () => void) => Planned;
  readonly after: (ms: number, run: () => void) => Planned;
  /** Takes an event back; nothing where it has run. */
  readonly cancel: (planned: Planned) => void;
  /** This event has resumed code that waits for promises. */
  readonly wake: () => void;
  /** Lets virtual time stand until work of the host's own, such as compressing, is done. */
  readonly hold: (work: Promise<unknown>) => void;
  /** Runs events up to and at `untilMs`; rejects with what an event has thrown. */
  readonly run: (untilMs: number) => Promise<void>;
  /** Events that have run. */
  readonly events: () => number;
};

/** An engine whose clock stands at `startsAtMs`; `afterEvent` is called after each event's code. */
export const createEngine = (startsAtMs: number, afterEvent: () => void): Engine => {
  const heap = createEventHeap();
  let nowMs = startsAtMs;
  let sequence = 0;
  let events = 0;
  let isWoken = false;
  let held: Promise<unknown> | undefined;
  const at = (atMs: number, run: () => void): Planned => {
    assert(atMs === atMs, "An event has a moment.");
    const event: HeapEvent = { atMs: Math.max(nowMs, atMs), sequence: sequence++, run };
    heap.put(event);
    // The event itself, which only this engine knows to be one.
    return event as unknown as Planned;
  };
  /** Runs events until one has resumed code, and says whether any are left. */
  const step = (untilMs: number): "woken" | "done" => {
    for (;;) {
      const first = heap.first();
      if (first === undefined || first.atMs > untilMs) return "done";
      heap.take();
      const { run } = first;
      if (run === undefined) continue;
      nowMs = first.atMs;
      events++;
      run();
      if (isWoken) return "woken";
      afterEvent();
    }
  };
  const run = (untilMs: number): Promise<void> =>
    new Promise((resolve, reject) => {
      let turns = 0;
      const turn = (): void => {
        if (step(untilMs) === "done") {
          nowMs = Math.max(nowMs, untilMs);
          resolve();
          return;
        }
        turns += 1;
        if (turns % TURNS_PER_YIELD === 0) setImmediate(settle);
        else settleWhenCodeHasRunOut();
      };
      /** The code that an event resumed waits again, unless the host is still at work for it. */
      const settle = (): void => {
        try {
          if (held !== undefined) {
            const work = held;
            held = undefined;
            void work.then(settleWhenCodeHasRunOut, reject);
            return;
          }
          isWoken = false;
          afterEvent();
          turn();
        } catch (error) {
          reject(error);
        }
      };
      // A tick that is asked for within the queue of promises comes when that queue is empty, and
      // costs a tenth of a turn of the host's loop.
      const settleInTick = (): void => process.nextTick(settle);
      const settleWhenCodeHasRunOut = (): void => void SETTLED.then(settleInTick);
      // What the first events throw rejects by itself.
      turn();
    });
  return {
    nowMs: () => nowMs,
    at,
    after: (ms, action) => at(nowMs + ms, action),
    cancel: (planned) => {
      (planned as unknown as HeapEvent).run = undefined;
    },
    wake: () => {
      isWoken = true;
    },
    hold: (work) => {
      isWoken = true;
      held = held === undefined ? work : Promise.all([held, work]);
    },
    run,
    events: () => events,
  };
};

/** So often the host gets its turn, which has messages to pass on and refusals to report. */
const TURNS_PER_YIELD = 4_096;

const SETTLED = Promise.resolve();
