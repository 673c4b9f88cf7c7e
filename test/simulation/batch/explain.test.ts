import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSimulate } from "../../../bin/simulate/read-simulate.ts";
import { replayCommand } from "../../../bin/simulate/replay-command.ts";
import { createSeedPool, type SeedPool } from "../../../simulation/batch/seed-pool.ts";
import type { Explanation, SeedAnswer } from "../../../simulation/batch/seed-task.ts";
import type { SeedOptions } from "../../../simulation/seed-run.ts";

const OPTIONS: SeedOptions = { seed: 2, days: 0.25, mode: "safety" };
const PATIENCE_MS = 120_000;
/** A bug that nearly every seed finds. */
const PLANT = "new-id-on-retry";
const INVARIANT = "one-order-per-intent";

const violationsOf = (answer: SeedAnswer): readonly string[] =>
  answer.type === "ran" ? answer.summary.violations.map(({ invariant }) => invariant) : [];

describe(`a failing seed, with the bug ${PLANT} planted`, () => {
  let pool: SeedPool;
  let explanation: Explanation;
  beforeAll(async () => {
    pool = createSeedPool({ size: 1, plant: PLANT });
    const answer = await pool.run(
      { type: "explain", options: OPTIONS, invariant: INVARIANT, triesMax: 12 },
      PATIENCE_MS,
    );
    if (answer.type !== "explained") throw new Error(JSON.stringify(answer));
    ({ explanation } = answer);
  }, PATIENCE_MS);
  afterAll(() => pool.close());

  it("is told with the order concerned, its few faults and what broke", () => {
    expect(explanation.isShrunk).toBe(true);
    expect(explanation.violation.invariant).toBe(INVARIANT);
    const text = explanation.timeline.join("\n");
    expect(text).toContain(explanation.violation.clientOrderId ?? "no order is named");
    expect(explanation.timeline.at(-1)).toContain(`BROKEN ${INVARIANT}`);
  });

  it("fails every time that its replay command is run, and not without the bug", async () => {
    const onlyFaults = new Set(explanation.faults.map(({ number }) => number));
    const task = { type: "run", options: { ...OPTIONS, onlyFaults } } as const;
    const [first, second] = [await pool.run(task, PATIENCE_MS), await pool.run(task, PATIENCE_MS)];
    expect(violationsOf(first)).toContain(INVARIANT);
    expect(second).toEqual(first);
    const healthy = createSeedPool({ size: 1 });
    expect(violationsOf(await healthy.run(task, PATIENCE_MS))).toEqual([]);
    await healthy.close();
  });

  it("has a replay command that carries seed, days, mode and the faults that are left", () => {
    const request = readSimulate({
      arguments: [],
      options: { seed: "1", days: "0.25", mode: "safety" },
      isJson: false,
    });
    const numbers = explanation.faults.map(({ number }) => number).join(",") || "none";
    expect(replayCommand(request, 1, explanation)).toBe(
      "npm run holdfast -- simulate --seed 1 --days 0.25 --mode safety " +
        `--only-faults=${numbers}`,
    );
  });
});
