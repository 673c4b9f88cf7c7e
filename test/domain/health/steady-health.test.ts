import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aggregate } from "../../../shared/domain/health/assess-system.ts";
import { STEADY_POLICY, steadyHealth } from "../../../shared/domain/health/steady-health.ts";
import type {
  ComponentHealth,
  ComponentLevel,
  SystemHealth,
} from "../../../shared/domain/health/system-health.ts";

const LEVELS = ["healthy", "degraded", "unhealthy", "unknown", "critical"] as const;
const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2013, 9, 7, 14);

const look = (level: ComponentLevel, minute: number, change: Partial<ComponentHealth> = {}) =>
  aggregate(
    [
      {
        component: "market-data",
        isCritical: true,
        level,
        reason: "Evidence says so.",
        evidenceAtMs: START_MS,
        ...change,
      },
    ],
    { atMs: START_MS + minute * MINUTE_MS, isOpen: true },
  );

/** What is told, look by look. */
const tell = (looks: readonly SystemHealth[]): readonly ComponentHealth[] => {
  let before: SystemHealth | undefined;
  return looks.map((now) => {
    before = steadyHealth(before, now, { isKept: true });
    return before.components[0]!;
  });
};

const levelsOf = (levels: readonly ComponentLevel[]): readonly ComponentLevel[] =>
  tell(levels.map((level, minute) => look(level, minute))).map(({ level }) => level);

describe("health as it is told", () => {
  it("is never better than what was found, and gets worse at once", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...LEVELS), { minLength: 1 }), (found) => {
        for (const [index, told] of levelsOf(found).entries()) {
          expect(LEVELS.indexOf(told)).toBeGreaterThanOrEqual(LEVELS.indexOf(found[index]!));
        }
      }),
    );
  });

  it("is just what was found while no worse level is held", () => {
    fc.assert(
      fc.property(fc.constantFrom(...LEVELS), fc.constantFrom(...LEVELS), (first, second) => {
        const [before, now] = [look(first, 0), look(second, 1)];
        const isHeld = LEVELS.indexOf(second) < LEVELS.indexOf(first);
        const told = steadyHealth(before, now, { isKept: true });
        expect(told === now).toBe(!isHeld);
        if (!isHeld) expect(told).toEqual(aggregate(now.components, { ...now, isOpen: true }));
      }),
    );
  });

  it("gets better only after two looks in a row that found it better", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...LEVELS), { minLength: 4 }), (found) => {
        const told = levelsOf(found);
        for (let index = 1; index < told.length; index++) {
          const before = LEVELS.indexOf(told[index - 1]!);
          if (LEVELS.indexOf(told[index]!) >= before) continue;
          const lately = found.slice(Math.max(0, index + 1 - STEADY_POLICY.goodLooks), index + 1);
          expect(lately).toHaveLength(STEADY_POLICY.goodLooks);
          for (const level of lately) expect(LEVELS.indexOf(level)).toBeLessThan(before);
        }
      }),
    );
  });

  it("makes one incident of what flaps every minute", () => {
    const flapping = Array.from({ length: 30 }, (_, minute) =>
      minute % 2 === 0 ? "unhealthy" : "healthy",
    );
    expect(new Set(levelsOf(flapping as ComponentLevel[]))).toEqual(new Set(["unhealthy"]));
  });

  it("counts looks in quick succession once, and a look that nobody keeps not at all", () => {
    const bad = look("unhealthy", 0);
    let health = steadyHealth(bad, look("healthy", 1), { isKept: true });
    for (let again = 0; again < 5; again++) {
      const soon = { ...look("healthy", 1), atMs: health.atMs + 1_000 };
      health = steadyHealth(health, soon, { isKept: true });
    }
    expect(health.components[0]).toMatchObject({ level: "unhealthy", betterLooks: 1 });
    for (let minute = 2; minute < 9; minute++) {
      const asked = steadyHealth(health, look("healthy", minute), { isKept: false });
      expect(asked.components[0]).toMatchObject({ level: "unhealthy", betterLooks: 1 });
    }
  });

  it("keeps saying that a person is needed for as long as it counts as failed", () => {
    const faulty = look("critical", 0, { fault: "configuration" });
    const cured = steadyHealth(faulty, look("healthy", 1), { isKept: true });
    expect(cured.level).toBe("FAILED_CONFIG");
    expect(cured.reason).toContain("still counts so for one good look");
  });

  it("does not hold what had proven nothing before: a start is no incident", () => {
    const start = look("unknown", 0, { evidenceAtMs: null });
    expect(steadyHealth(start, look("healthy", 1), { isKept: true }).level).toBe("OK");
  });

  it("waits for a first proof since it was first looked for, and not since each look", () => {
    const looks = [0, 1, 2, 3, 4].map((minute) => {
      const unproven = { sinceMs: START_MS + minute * MINUTE_MS, isOverdue: false };
      return look("unknown", minute, { evidenceAtMs: null, unproven });
    });
    const told = tell(looks);
    expect(told.map(({ unproven }) => unproven?.isOverdue)).toEqual([
      false,
      false,
      false,
      false,
      true,
    ]);
  });
});
