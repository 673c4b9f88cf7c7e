import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FLAG_NAMES } from "../../../shared/domain/flags/flag.ts";
import { REMEDY_NAMES } from "../../../shared/domain/healing/remedy.ts";
import { REMEDIES } from "../../../shared/use-cases/healing/remedies/allow-list.ts";
import { healWorld } from "./heal-world.ts";

const percent = fc.integer({ min: 0, max: 100 });
const subject = fc.oneof(
  fc.constantFrom(...FLAG_NAMES, "polygon", "SPY", "poll-flow", ""),
  fc.string(),
);
const state = fc.record({
  remedy: fc.constantFrom(...REMEDY_NAMES),
  subject,
  percent,
  maxDailyLossPct: percent,
  threshold: fc.double({ min: 0, max: 8, noNaN: true }),
  evidenceAgeMs: fc.integer({ min: 0, max: 3_600_000 }),
  isUndone: fc.boolean(),
});

describe("the allow-list", () => {
  it("names every remedy by its own name", () => {
    for (const name of REMEDY_NAMES) expect(REMEDIES[name].name).toBe(name);
  });

  it("loosens no limit, no threshold and no freshness, whatever state it meets", async () => {
    await fc.assert(
      fc.asyncProperty(state, async (given) => {
        const { settings } = await healWorld();
        const restored: string[] = [];
        const world = await healWorld({
          settings: {
            limits: { ...settings.limits, maxDailyLossPct: given.maxDailyLossPct },
            gate: {
              ...settings.gate,
              thresholds: { base: given.threshold, canary: 3, champion: 4 },
            },
            flags: {
              ...settings.flags,
              hedgedReads: { percent: given.percent, rollBack: true },
            },
          },
          configuration: {
            drift: async () => "It differs.",
            restore: async () => void restored.push("signed"),
          },
        });
        await world.prove("flow", { atMs: world.time.nowMs - given.evidenceAgeMs });
        const look = async () =>
          JSON.stringify([
            await world.ledger.loadCell(world.settings.account),
            world.settings,
            await world.telemetry.loadEvidence("flow", 100),
            await world.telemetry.loadQuotes(0),
            await world.telemetry.loadFlow(world.settings.symbols),
            await world.telemetry.loadScores(0),
            await world.telemetry.loadHealth(10),
          ]);
        const before = await look();
        const remedy = REMEDIES[given.remedy];
        await remedy.apply(given.subject, world.deps).catch(() => undefined);
        const isOffFor = await world.telemetry.loadRollbacks();
        if (given.isUndone) await remedy.undo?.(given.subject, world.deps).catch(() => undefined);
        expect(await look()).toBe(before);
        // What it may do is switch a feature off, and put back what was signed.
        expect(isOffFor.every(({ flag }) => FLAG_NAMES.includes(flag))).toBe(true);
        expect(restored.length).toBe(given.remedy === "restoreConfiguration" ? 1 : 0);
      }),
      { numRuns: 200 },
    );
  });
});
