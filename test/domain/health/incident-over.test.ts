import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assessComponent } from "../../../shared/domain/health/assess-component.ts";
import { DEFAULT_HEALTH_POLICY } from "../../../shared/domain/health/health-policy.ts";
import { COMPONENTS } from "../../../shared/domain/health/component-registry.ts";
import type { Evidence } from "../../../shared/domain/health/evidence.ts";
import type { ComponentLevel } from "../../../shared/domain/health/system-health.ts";
import { sessionOf } from "../../../shared/domain/market/calendar.ts";
import { parseSessionDate } from "../../../shared/domain/market/session-date.ts";

const openSession = sessionOf(parseSessionDate("2013-10-07")!)!;
const BEGIN_MS = openSession.opensAtMs + 3_600_000;
const MINUTE_MS = 60_000;
const MINUTES = 15;

const evidenceOf = (component: string, atMs: number, succeeded: boolean): Evidence => ({
  component,
  atMs,
  succeeded,
  detail: succeeded ? "Done." : "Its end is unknown.",
  latencyMs: 5,
  dataAgeMs: null,
  fault: null,
});

/** The level at a moment, of what was written by then. */
const levelAt = (component: string, evidence: readonly Evidence[], nowMs: number): ComponentLevel =>
  assessComponent(
    {
      rule: COMPONENTS.find((rule) => rule.component === component)!,
      evidence: evidence.filter(({ atMs }) => atMs <= nowMs),
      workEvidence: evidence.filter(({ atMs }) => atMs <= nowMs),
      rest: undefined,
      openSession,
      nowMs,
    },
    DEFAULT_HEALTH_POLICY,
  ).level;

/** A look at any second of the minutes from the tenth on. */
const look = fc.integer({ min: 10 * 60, max: (MINUTES - 1) * 60 }).map((s) => BEGIN_MS + s * 1_000);
const minutes = Array.from({ length: MINUTES }, (_, minute) => BEGIN_MS + minute * MINUTE_MS);

describe("an incident", () => {
  it("is not over in the quiet half of each minute while orders end unknown", () => {
    const count = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(count, fc.nat(40), look, (unknown, second, nowMs) => {
        const evidence = minutes.flatMap((minuteMs) => {
          const atMs = minuteMs + second * 1_000;
          const failures = Array.from({ length: unknown }, (_, index) =>
            evidenceOf("execute-orders", atMs + index * 500, false),
          );
          return [...failures, evidenceOf("execute-orders", atMs + 12_000, true)];
        });
        expect(levelAt("execute-orders", evidence, nowMs)).not.toBe("healthy");
      }),
    );
  });

  it("is not over between the failures of what fails every second, third or fourth cycle", () => {
    const component = fc.constantFrom("market-data", "broker", "score-signals", "trading-cycle");
    const jitter = fc.array(fc.nat(5_000), { minLength: MINUTES, maxLength: MINUTES });
    const every = fc.constantFrom(2, 3, 4);
    fc.assert(
      fc.property(component, every, jitter, look, (name, cycles, late, nowMs) => {
        const evidence = minutes.map((minuteMs, index) =>
          evidenceOf(name, minuteMs + late[index]!, index % cycles !== 0),
        );
        expect(levelAt(name, evidence, nowMs)).not.toBe("healthy");
      }),
    );
  });

  it("is over after two proofs of two cycles, and of orders after more than two cycles", () => {
    const mendedAtMs = minutes[8]!;
    const storyOf = (component: string) =>
      minutes.map((atMs) => evidenceOf(component, atMs, atMs >= mendedAtMs));
    const at = (component: string, ms: number) =>
      levelAt(component, storyOf(component), mendedAtMs + ms);
    expect(at("broker", 59_000)).not.toBe("healthy");
    expect(at("broker", 61_000)).toBe("healthy");
    expect(at("execute-orders", 89_000)).not.toBe("healthy");
    expect(at("execute-orders", 91_000)).toBe("healthy");
  });
});
