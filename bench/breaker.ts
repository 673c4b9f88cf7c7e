import {
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleAll,
  retry,
  timeout,
  TimeoutStrategy,
  wrap,
} from "cockatiel";
import type { Breakers } from "../shared/adapters/calls/breakers.ts";
import { DATA_CALLS } from "../shared/adapters/calls/call-policy.ts";
import { createCalls } from "../shared/adapters/calls/calls.ts";
import { pauseBeforeRetry } from "../shared/adapters/calls/pause-before-retry.ts";
import type { Source } from "../shared/adapters/calls/source.ts";
import { POLL_RETRY } from "../shared/adapters/gateway/gateway.ts";
import type { Outcome } from "../shared/domain/breaker/outcome.ts";
import { ok } from "../shared/domain/result.ts";
import { type Benchmark, medianOf } from "./benchmark.ts";
import {
  cockatielBreaker,
  FAILURES,
  hostDeps,
  NAME,
  opossumBreaker,
  ourBreakers,
  proveSameDecisions,
  work,
} from "./breaker-contenders.ts";

const ROUNDS = 21;
const WARM_UP_ROUNDS = 4;
const CALLS_PER_ROUND = 10_000;
const NS_PER_MS = 1_000_000;
const GOOD: Outcome = { type: "success", durationMs: 0 };
const BAD: Outcome = { type: "failure", durationMs: 0 };

const succeed = (): Promise<number> => work();

/** Makes so many calls, one after another. */
type Contender = (calls: number) => Promise<void>;

/** What our breaker adds to a call, by what cockatiel's adds. */
export const breakerCall: Benchmark = {
  name: "breaker-call",
  unit: "x cockatiel's",
  goal: { direction: "atMost", value: 0.5 },
  measure: async (report) => {
    await proveSameDecisions();
    const peer = cockatielBreaker();
    const added = await addedRatio(report, "cockatiel", async (calls) => {
      for (let index = 0; index < calls; index++) await peer.execute(succeed);
    });
    return { ours: added };
  },
};

/** The same by what opossum's adds. */
export const breakerCallOpossum: Benchmark = {
  name: "breaker-call-opossum",
  unit: "x opossum's",
  goal: { direction: "atMost", value: 0.15 },
  measure: async (report) => {
    await proveSameDecisions();
    const peer = opossumBreaker(work);
    try {
      const added = await addedRatio(report, "opossum", async (calls) => {
        for (let index = 0; index < calls; index++) await peer.fire(false);
      });
      return { ours: added };
    } finally {
      peer.shutdown();
    }
  },
};

/** The gateway's retry over breaker and time-out of a call that looks at its signal, by the peer's. */
export const retryBreakerTimeout: Benchmark = {
  name: "retry-breaker-timeout",
  unit: "x cockatiel's",
  goal: { direction: "atMost", value: 0.2 },
  measure: async (report) => {
    await proveSameDecisions();
    const { signal } = new AbortController();
    const calls = createCalls({ ...hostDeps, breakers: ourBreakers(), policy: DATA_CALLS });
    const unbounded = { deadlineMs: Infinity, takeExtra: () => true };
    const source: Source<boolean> = {
      vendor: "vendor",
      name: NAME,
      ask: async (limits) => ok(limits.signal.aborted),
    };
    const ours: Contender = async (count) => {
      for (let index = 0; index < count; index++) {
        for (let attempt = 1; ; attempt++) {
          const answer = await calls.read(source, { signal });
          if (answer.ok) break;
          const pause = pauseBeforeRetry(hostDeps, POLL_RETRY, { ...unbounded, attempt });
          if (pause === undefined) throw new Error("It answers.");
          await pause;
        }
      }
    };
    const wrapped = wrap(
      retry(handleAll, { maxAttempts: POLL_RETRY.attemptsMax, backoff: new ExponentialBackoff() }),
      circuitBreaker(handleAll, {
        halfOpenAfter: 60_000,
        breaker: new ConsecutiveBreaker(FAILURES),
      }),
      timeout(DATA_CALLS.timeoutMs, TimeoutStrategy.Aggressive),
    );
    const peer: Contender = async (count) => {
      for (let index = 0; index < count; index++) {
        await wrapped.execute(async (context) => ok(context.signal.aborted), signal);
      }
    };
    const [ourNs, peerNs] = await measureByTurns([ours, peer], CALLS_PER_ROUND / 4);
    return { ours: tell(report, "cockatiel", ourNs, peerNs) };
  },
};

/** Being refused by an open breaker, by being refused by cockatiel's. */
export const breakerRefusal: Benchmark = {
  name: "breaker-refusal",
  unit: "x cockatiel's",
  goal: { direction: "atMost", value: 0.1 },
  measure: async (report) => {
    await proveSameDecisions();
    const breakers = ourBreakers();
    const peer = cockatielBreaker();
    for (let failures = 0; failures < FAILURES; failures++) {
      const leave = breakers.admit(NAME);
      if (!(leave instanceof Promise) && leave.type === "Leave") breakers.record(NAME, leave, BAD);
      await peer.execute(() => work(true)).catch(() => undefined);
    }
    const ours: Contender = async (count) => {
      for (let index = 0; index < count; index++) {
        const answer = await breakers.admit(NAME);
        if (answer.type !== "BreakerRefusal") throw new Error("It is open.");
      }
    };
    const theirs: Contender = async (count) => {
      let refused = 0;
      for (let index = 0; index < count; index++) {
        try {
          await peer.execute(succeed);
        } catch {
          refused += 1;
        }
      }
      if (refused !== count) throw new Error("It is open.");
    };
    const [ourNs, peerNs] = await measureByTurns([ours, theirs], CALLS_PER_ROUND / 2);
    return { ours: tell(report, "cockatiel", ourNs, peerNs) };
  },
};

/** Ours as the layer of calls uses it: asked before, told after, in the caller's own function. */
const guarded =
  (breakers: Breakers): Contender =>
  async (calls) => {
    for (let index = 0; index < calls; index++) {
      const leave = breakers.admit(NAME);
      if (leave instanceof Promise || leave.type !== "Leave") throw new Error("It is closed.");
      await work();
      breakers.record(NAME, leave, GOOD);
    }
  };

const plain: Contender = async (calls) => {
  for (let index = 0; index < calls; index++) await work();
};

/** What ours adds to a plain call, by what the peer's adds. */
const addedRatio = async (
  report: (note: string) => void,
  name: string,
  peer: Contender,
): Promise<number> => {
  const contenders = [plain, guarded(ourBreakers()), peer];
  const [bare, ours, theirs] = await measureByTurns(contenders, CALLS_PER_ROUND);
  const added = (ns: readonly number[] | undefined): readonly number[] =>
    (ns ?? []).map((value, round) => value - (bare?.[round] ?? Number.NaN));
  return tell(report, name, added(ours), added(theirs));
};

/**
 * Nanoseconds a call of each contender, round by round; they take turns, so that noise is shared.
 */
const measureByTurns = async (
  contenders: readonly Contender[],
  calls: number,
): Promise<readonly (readonly number[])[]> => {
  const times: number[][] = contenders.map(() => []);
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    for (const [index, contender] of contenders.entries()) {
      const startedAtMs = performance.now();
      await contender(calls);
      const ns = ((performance.now() - startedAtMs) * NS_PER_MS) / calls;
      if (round >= WARM_UP_ROUNDS) times[index]?.push(ns);
    }
  }
  return times;
};

/** The ratio of the medians; a note says what they are. */
const tell = (
  report: (note: string) => void,
  name: string,
  ours: readonly number[] | undefined,
  theirs: readonly number[] | undefined,
): number => {
  const [ourNs, peerNs] = [medianOf(ours ?? []), medianOf(theirs ?? [])];
  report(`${ourNs.toFixed(0)} ns, ${name} ${peerNs.toFixed(0)} ns.`);
  return ourNs / peerNs;
};
