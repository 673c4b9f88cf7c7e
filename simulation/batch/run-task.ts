import type { FaultKind, InjectedFault } from "../faults/fault-kind.ts";
import type { SeedOptions, SeedResult } from "../seed-run.ts";
import { shrinkFaults } from "../shrink/shrink-faults.ts";
import { tellTimeline } from "../report/tell-timeline.ts";
import { runSeed } from "../run-seed.ts";
import type { Explanation, SeedAnswer, SeedSummary, SeedTask } from "./seed-task.ts";

/** Does what a worker is asked for; what breaks on the way is part of the answer. */
export const runTask = async (task: SeedTask): Promise<SeedAnswer> => {
  try {
    switch (task.type) {
      case "run":
        return { type: "ran", summary: toSummary(await runUntraced(task.options)) };
      case "explain":
        return { type: "explained", explanation: await explain(task) };
    }
  } catch (error) {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { type: "broke", detail: words };
  }
};

/**
 * A world throws faults by the hundred, and nobody reads where from. What breaks the simulation
 * itself does so again, and then tells.
 */
const runUntraced = async (options: SeedOptions): Promise<SeedResult> => {
  const { stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 0;
    return await runSeed(options);
  } catch {
    Error.stackTraceLimit = stackTraceLimit;
    return await runSeed(options);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};

const toSummary = (result: SeedResult): SeedSummary => {
  const { seed, enabled, traceHash, events, virtualMs, orders, violations, coverage } = result;
  const faultsInjected = countByKind(result.injected);
  return {
    seed,
    enabled,
    traceHash,
    events,
    virtualMs,
    orders,
    faultsInjected,
    violations,
    coverage,
  };
};

const countByKind = (
  injected: readonly InjectedFault[],
): Readonly<Partial<Record<FaultKind, number>>> => {
  const counts: Partial<Record<FaultKind, number>> = {};
  for (const { kind } of injected) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

const explain = async ({
  options,
  invariant,
  triesMax,
}: Extract<SeedTask, { readonly type: "explain" }>): Promise<Explanation> => {
  const shrunk = await shrinkFaults({ options, invariant, triesMax, runSeed });
  const told: SeedOptions = {
    ...options,
    ...(shrunk.isShrunk ? { onlyFaults: new Set(shrunk.faults.map(({ number }) => number)) } : {}),
    keepTimeline: true,
  };
  const { violations, timeline } = await runSeed(told);
  const violation = violations.find((each) => each.invariant === invariant);
  if (violation === undefined) {
    throw new Error(`Seed ${options.seed} broke ${invariant} once and not again.`);
  }
  return { violation, ...shrunk, timeline: tellTimeline(timeline, violation) };
};
