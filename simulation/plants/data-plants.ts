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
    name: "quote-age-ignored",
    file: "shared/domain/risk/guard.ts",
    find: "  if (!(ageMs <= limits.maxQuoteAgeMs && ageMs >= -CLOCK_SKEW_MAX_MS)) {",
    replace: "  if (!(ageMs >= -CLOCK_SKEW_MAX_MS)) {",
    why: "A message that comes late enters at a price of long ago.",
  },
];
