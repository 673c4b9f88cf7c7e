import { describe, expect, it } from "vitest";
import { runSeed } from "../../simulation/run-seed.ts";
import type { SimulationMode } from "../../simulation/seed-run.ts";

/** How many seeds a run of the suite looks at in each mode; `simulate` looks at thousands. */
const SEEDS = 6;

const DAYS: Readonly<Record<SimulationMode, number>> = { safety: 0.1, liveness: 0.16 };

describe("two Regions, zombies, lost answers, outages and takeovers", () => {
  it.each(["safety", "liveness"] as const)(
    "violate nothing, and happen twice alike, in seeded worlds (%s)",
    { timeout: 60_000 },
    async (mode) => {
      let orders = 0;
      for (let seed = 1; seed <= SEEDS; seed++) {
        const options = { seed, days: DAYS[mode], mode };
        const first = await runSeed(options);
        expect.soft([seed, first.violations]).toEqual([seed, []]);
        const second = await runSeed(options);
        expect.soft([seed, second.traceHash]).toEqual([seed, first.traceHash]);
        orders += first.orders;
      }
      // A world in which nothing trades proves nothing.
      expect(orders).toBeGreaterThan(SEEDS);
    },
  );
});
