import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assessComponent } from "../../../shared/domain/health/assess-component.ts";
import { DEFAULT_HEALTH_POLICY } from "../../../shared/domain/health/health-policy.ts";
import { COMPONENTS } from "../../../shared/domain/health/component-registry.ts";
import type { Evidence } from "../../../shared/domain/health/evidence.ts";
import { tellingEvidence } from "../../../shared/domain/health/telling-evidence.ts";
import { sessionOf } from "../../../shared/domain/market/calendar.ts";
import { parseSessionDate } from "../../../shared/domain/market/session-date.ts";

const session = sessionOf(parseSessionDate("2013-10-07")!)!;
const NOW_MS = session.opensAtMs + 150 * 60_000;

const anyEvidence: fc.Arbitrary<Evidence> = fc.record({
  component: fc.constant("any"),
  // Few moments, so that some things happen at once; some are ahead of the clock.
  atMs: fc.integer({ min: -120, max: 2 }).map((minutes) => NOW_MS + minutes * 60_000),
  succeeded: fc.boolean(),
  detail: fc.constant("Something happened."),
  latencyMs: fc.constant(1),
  dataAgeMs: fc.option(fc.integer({ min: 0, max: 600_000 })),
  fault: fc.constantFrom(null, null, null, "configuration" as const, "schema" as const),
});

const newestFirst = (evidence: readonly Evidence[]): readonly Evidence[] =>
  evidence.toSorted((one, other) => other.atMs - one.atMs);

describe("the evidence that tells", () => {
  it("comes to the same level and the same fault as all of it", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...COMPONENTS),
        fc.array(anyEvidence, { maxLength: 40 }).map(newestFirst),
        fc.boolean(),
        (rule, all, isOpen) => {
          const assess = (evidence: readonly Evidence[]) => {
            const openSession = isOpen ? session : undefined;
            const input = { rule, evidence, workEvidence: [], rest: undefined, openSession };
            const found = assessComponent({ ...input, nowMs: NOW_MS }, DEFAULT_HEALTH_POLICY);
            const { level, fault, evidenceAtMs, unproven } = found;
            return { level, fault, evidenceAtMs, unproven };
          };
          const telling = tellingEvidence(all, rule, DEFAULT_HEALTH_POLICY, NOW_MS);
          expect(assess(telling)).toEqual(assess(all));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("ends with the last success where the window holds none", () => {
    const rule = COMPONENTS[0]!;
    const one = (minutes: number, succeeded: boolean): Evidence => ({
      component: rule.component,
      atMs: NOW_MS - minutes * 60_000,
      succeeded,
      detail: "Something happened.",
      latencyMs: 1,
      dataAgeMs: null,
      fault: null,
    });
    const all = [one(1, false), one(20, false), one(30, true), one(31, false), one(40, true)];
    expect(tellingEvidence(all, rule, DEFAULT_HEALTH_POLICY, NOW_MS)).toEqual(all.slice(0, 3));
  });
});
