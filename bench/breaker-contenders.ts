import { circuitBreaker, ConsecutiveBreaker, handleAll } from "cockatiel";
import OpossumBreaker from "opossum";
import { type Breakers, createBreakers } from "../shared/adapters/calls/breakers.ts";
import { createHostClock } from "../shared/adapters/host/clock.ts";
import { createHostRandom } from "../shared/adapters/host/random.ts";
import { createHostTimers } from "../shared/adapters/host/timers.ts";
import { createSeededRandom } from "../shared/adapters/host/seeded-random.ts";
import { type BreakerPolicy, DATA_BREAKER } from "../shared/domain/breaker/breaker-policy.ts";
import type { Outcome } from "../shared/domain/breaker/outcome.ts";

/** The breaker that is measured. */
export const NAME = "vendor.snapshots";
/** Failures in a row that open ours and cockatiel's. */
export const FAILURES = 5;
/** Calls that opossum, and ours, want to have seen. */
const CALLS_MIN = 20;
const OPEN_MS = 600_000;
const SEQUENCES = 100;
const SEQUENCE_CALLS = 60;
const GOOD: Outcome = { type: "success", durationMs: 0 };
const BAD: Outcome = { type: "failure", durationMs: 0 };

/** What both measuring and proving are made with: the host's own time and chance. */
export const hostDeps = {
  clock: createHostClock(),
  random: createHostRandom(),
  timers: createHostTimers(),
};

/** Our breakers, of one environment. */
export const ourBreakers = (policy: Partial<BreakerPolicy> = {}): Breakers =>
  createBreakers({
    ...hostDeps,
    policy: { ...DATA_BREAKER, ...policy },
    kind: "data",
    onTransition: () => undefined,
  });

/** Cockatiel's fastest breaker: it counts failures in a row and looks at no clock. */
export const cockatielBreaker = () =>
  circuitBreaker(handleAll, {
    halfOpenAfter: OPEN_MS,
    breaker: new ConsecutiveBreaker(FAILURES),
  });

/** Opossum's breaker, without its time-out. */
export const opossumBreaker = (work: (fails: boolean) => Promise<number>) =>
  new OpossumBreaker(work, {
    timeout: false,
    resetTimeout: OPEN_MS,
    volumeThreshold: CALLS_MIN,
    errorThresholdPercentage: 50,
  });

/** Does what it is told. */
export const work = async (fails = false): Promise<number> => {
  if (fails) throw new Error("The vendor failed.");
  return 1;
};

/**
 * Throws unless ours opens at the very call at which the peers do, where their rules are the same.
 */
export const proveSameDecisions = async (): Promise<void> => {
  const random = createSeededRandom(17);
  for (let sequence = 0; sequence < SEQUENCES; sequence++) {
    const share = random.next();
    const fails = Array.from({ length: SEQUENCE_CALLS }, () => random.next() < share);
    const inARow = ourBreakers({ windowMs: 0, failuresToOpen: FAILURES });
    await holdEqual(fails, inARow, createCockatielProbe());
    const byShare = { failuresToOpen: Infinity, callsMin: CALLS_MIN, failureShareMax: 0.5 };
    await holdEqual(fails, ourBreakers(byShare), createOpossumProbe());
  }
};

/** A peer that is led through a sequence of outcomes. */
type PeerProbe = {
  /** Makes a call; resolves with whether the breaker is open afterwards. */
  readonly call: (fails: boolean) => Promise<boolean>;
  readonly close: () => void;
};

const createCockatielProbe = (): PeerProbe => {
  const breaker = cockatielBreaker();
  let isOpen = false;
  breaker.onBreak(() => {
    isOpen = true;
  });
  return {
    call: async (fails) => {
      await breaker.execute(() => work(fails)).catch(() => undefined);
      return isOpen;
    },
    close: () => undefined,
  };
};

const createOpossumProbe = (): PeerProbe => {
  const breaker = opossumBreaker(work);
  return {
    call: async (fails) => {
      await breaker.fire(fails).catch(() => undefined);
      return breaker.opened;
    },
    close: () => breaker.shutdown(),
  };
};

const holdEqual = async (
  fails: readonly boolean[],
  ours: Breakers,
  peer: PeerProbe,
): Promise<void> => {
  for (const [index, one] of fails.entries()) {
    const leave = ours.admit(NAME);
    if (leave instanceof Promise || leave.type === "BreakerRefusal") break;
    ours.record(NAME, leave, one ? BAD : GOOD);
    const isOpen = ours.statistics()[0]?.state === "open";
    if ((await peer.call(one)) !== isOpen) {
      throw new Error(`Ours and the peer's decide differently at call ${index}.`);
    }
    if (isOpen) break;
  }
  peer.close();
};
