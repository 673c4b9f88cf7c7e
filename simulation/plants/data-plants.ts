import type { Plant } from "./plant.ts";

/** Mistakes in what data is believed, and in how messages are held back. */
export const DATA_PLANTS: readonly Plant[] = [
  {
    name: "visibility-shorter-than-the-function",
    file: "shared/runtime/function-limits.ts",
    find: "  VISIBILITY_TIMEOUTS * TIMEOUT_SECONDS[consumer] * 1_000;",
    replace: "  TIMEOUT_SECONDS[consumer] * 100;",
    why: "A message is delivered again while its function is at work, until it is buried.",
  },
  {
    name: "reference-latched",
    file: "shared/domain/market/price-reference.ts",
    find: "  if (move !== undefined) return accepted(reference, observation, move);\n",
    replace: "",
    why: "After a real jump every price is refused for ever, held against the one before it.",
  },
  {
    name: "freshness-floored",
    file: "shared/domain/signals/freshness.ts",
    find: "const FRESHNESS_MIN = 0.1;",
    replace: "const FRESHNESS_MIN = 0.5;",
    why: "Flow that is hours old still counts enough to enter on.",
  },
  {
    name: "breaker-lets-all-through",
    file: "shared/domain/breaker/admit-call.ts",
    find: "      return request.nowMs < breaker.untilMs\n",
    replace: "      return request.nowMs < breaker.sinceMs\n",
    why: "A vendor that is down is asked all the time, and every call waits for it.",
  },
  {
    name: "half-open-lets-all-through",
    file: "shared/domain/breaker/admit-call.ts",
    find: "  const isFull = out.length + breaker.successes >= policy.probesMax;",
    replace: "  const isFull = out.length < 0;",
    why: "A vendor that has just come back is asked by everybody at once, and falls again.",
  },
  {
    name: "recovered-without-storing",
    file: "shared/use-cases/recover-ticks.ts",
    find: "        await ticks.append(batch);\n",
    replace: "",
    why: "What was buffered while the tape was down is removed, and never stood on it.",
  },
  {
    name: "quota-never-refills",
    file: "shared/adapters/gateway/request-quota.ts",
    find: "const WINDOW_MS = 60_000;",
    replace: "const WINDOW_MS = 60_000_000;",
    why: "A vendor whose requests of a minute are spent is spared from then on for ever.",
  },
];
