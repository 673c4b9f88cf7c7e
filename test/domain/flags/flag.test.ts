import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFlagOn, watchFlags, type FlagName } from "../../../shared/domain/flags/flag.ts";
import type { ComponentLevel } from "../../../shared/domain/health/system-health.ts";

const flags = fc.constantFrom<FlagName>("hedgedReads", "vendorScores");
const percents = fc.integer({ min: 0, max: 100 });
const subjects = fc.string({ maxLength: 12 });

describe("a flag", () => {
  it("is on for nobody at 0, for all at 100, and whoever is in stays in as it grows", () => {
    fc.assert(
      fc.property(flags, subjects, percents, percents, (flag, subject, left, right) => {
        const [low, high] = [Math.min(left, right), Math.max(left, right)];
        const isOn = (percent: number): boolean =>
          isFlagOn(flag, subject, { percent, rollBack: true }, undefined);
        expect(isOn(0)).toBe(false);
        expect(isOn(100)).toBe(true);
        expect(!isOn(low) || isOn(high)).toBe(true);
        expect(isOn(low)).toBe(isOn(low));
      }),
    );
  });

  it("is on for about as many as its percentage says", () => {
    for (const percent of [1, 5, 25, 50, 90]) {
      const count = Array.from({ length: 20_000 }, (_none, index) =>
        isFlagOn("hedgedReads", `shard ${index}`, { percent, rollBack: true }, undefined),
      ).filter(Boolean).length;
      expect(Math.abs(count / 200 - percent)).toBeLessThan(1);
    }
  });

  it("stays off after a rollback until somebody configures another percentage", () => {
    fc.assert(
      fc.property(flags, subjects, percents, percents, (flag, subject, before, after) => {
        const rollback = { flag, atMs: 1, percent: before, reason: "Health got worse." };
        const policy = { percent: after, rollBack: true };
        const expected = before !== after && isFlagOn(flag, subject, policy, undefined);
        expect(isFlagOn(flag, subject, policy, rollback)).toBe(expected);
      }),
    );
  });

  it("is rolled back only while it is on for a part, and what it changes is not well", () => {
    const levels = fc.constantFrom<ComponentLevel>(
      "healthy",
      "degraded",
      "unhealthy",
      "critical",
      "unknown",
    );
    fc.assert(
      fc.property(percents, fc.boolean(), levels, (percent, rollBack, level) => {
        const policy = { percent, rollBack };
        const watch = {
          flags: { hedgedReads: policy, vendorScores: { percent: 100, rollBack: true } },
          rollbacks: [],
          levels: new Map([["market-data", level]]),
          atMs: 7,
        };
        const isOnTrial = rollBack && percent > 0 && percent < 100;
        const isUnwell = level !== "healthy" && level !== "unknown";
        const expected = isOnTrial && isUnwell ? ["hedgedReads"] : [];
        const rolled = watchFlags(watch);
        expect(rolled.map(({ flag }) => flag)).toEqual(expected);
        // It stands when health is good again, and falls with another percentage.
        const well = { ...watch, rollbacks: rolled, levels: new Map() };
        expect(watchFlags(well)).toEqual(rolled);
        const moved = { percent: (percent + 1) % 100, rollBack };
        expect(watchFlags({ ...well, flags: { ...watch.flags, hedgedReads: moved } })).toEqual([]);
      }),
    );
  });
});
