import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assessComponent } from "../../../shared/domain/health/assess-component.ts";
import { DEFAULT_HEALTH_POLICY } from "../../../shared/domain/health/health-policy.ts";
import { assessSystem, isStarting } from "../../../shared/domain/health/assess-system.ts";
import { COMPONENTS } from "../../../shared/domain/health/component-registry.ts";
import type { Evidence } from "../../../shared/domain/health/evidence.ts";
import type {
  ComponentLevel,
  SystemHealth,
  SystemLevel,
} from "../../../shared/domain/health/system-health.ts";
import { sessionOf } from "../../../shared/domain/market/calendar.ts";
import { parseSessionDate } from "../../../shared/domain/market/session-date.ts";

const session = sessionOf(parseSessionDate("2013-10-07")!)!;
const NOON_MS = session.opensAtMs + 150 * 60_000;

const evidenceOf = (component: string, change: Partial<Evidence> = {}): Evidence => ({
  component,
  atMs: NOON_MS - 30_000,
  succeeded: true,
  detail: "Done.",
  latencyMs: 5,
  dataAgeMs: null,
  fault: null,
  ...change,
});

type EvidenceByName = ReadonlyMap<string, readonly Evidence[]>;

const allHealthy = (): EvidenceByName =>
  new Map(COMPONENTS.map(({ component }) => [component, [evidenceOf(component)]]));

const having = (base: EvidenceByName, ...more: readonly Evidence[]): EvidenceByName => {
  const all = new Map(base);
  for (const one of more) all.set(one.component, [...(all.get(one.component) ?? []), one]);
  return all;
};

const only = (base: EvidenceByName, ...ones: readonly Evidence[]): EvidenceByName => {
  const without = new Map(
    [...base].filter(([name]) => !ones.some((one) => one.component === name)),
  );
  return having(without, ...ones);
};

const assess = (evidence: EvidenceByName, nowMs = NOON_MS, isOpen = true): SystemHealth =>
  assessSystem(
    { evidence, openSession: isOpen ? session : undefined, nowMs },
    DEFAULT_HEALTH_POLICY,
  );

const levelOf = (health: SystemHealth, component: string): ComponentLevel | undefined =>
  health.components.find((one) => one.component === component)?.level;

const SYSTEM_RANK: Readonly<Record<SystemLevel, number>> = {
  OK: 0,
  DEGRADED: 1,
  FAILED: 2,
  FAILED_API_SCHEMA: 2,
  FAILED_CONFIG: 2,
};
const COMPONENT_RANK: Readonly<Record<ComponentLevel, number>> = {
  healthy: 0,
  degraded: 1,
  unhealthy: 2,
  unknown: 3,
  critical: 4,
};

const componentNames = COMPONENTS.map(({ component }) => component);
const anyEvidence = fc.record({
  component: fc.constantFrom<string>(...componentNames, "intents", "alerts"),
  atMs: fc.integer({ min: NOON_MS - 1_500_000, max: NOON_MS }),
  succeeded: fc.boolean(),
  detail: fc.constant("Something happened."),
  latencyMs: fc.constant(1),
  dataAgeMs: fc.option(fc.integer({ min: 0, max: 600_000 })),
  fault: fc.constantFrom(null, null, null, "configuration" as const, "schema" as const),
});
const anyFailure = anyEvidence.map((one) => ({ ...one, succeeded: false }));

/** Idle before the first order, and not there where there is one Region. */
const QUIET_AT_FIRST = new Set(["execute-orders", "keep-lease"]);

const silentFor = (ms: number, component: string) =>
  evidenceOf(component, { atMs: NOON_MS - ms, dataAgeMs: 1_000 });
const CYCLE = ["trading-cycle", "market-data", "score-signals", "flow"];
const stoppedFor = (ms: number): EvidenceByName =>
  only(allHealthy(), ...CYCLE.map((component) => silentFor(ms, component)));

const passive = (atMs: number) =>
  having(
    only(new Map([...stoppedFor(3_600_000)].filter(([name]) => name !== "reconcile-orders"))),
    evidenceOf("rest", { atMs, detail: "us-east-2 trades, this is us-west-2." }),
  );

const proof = (ageMs: number) => evidenceOf("broker", { atMs: NOON_MS - ageMs });

describe("aggregate health", () => {
  it("never improves by a failure, whatever was known before", () => {
    fc.assert(
      fc.property(
        fc.array(anyEvidence, { maxLength: 60 }),
        anyFailure.filter(({ component }) => component !== "intents" && component !== "alerts"),
        fc.boolean(),
        (history, failure, isOpen) => {
          const before = assess(having(new Map(), ...history), NOON_MS, isOpen);
          const after = assess(having(new Map(), ...history, failure), NOON_MS, isOpen);
          expect(SYSTEM_RANK[after.level]).toBeGreaterThanOrEqual(SYSTEM_RANK[before.level]);
          for (const { component, level } of before.components) {
            const next = levelOf(after, component)!;
            expect(COMPONENT_RANK[next]).toBeGreaterThanOrEqual(COMPONENT_RANK[level]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is never OK while a critical component is not known to be healthy", () => {
    fc.assert(
      fc.property(fc.array(anyEvidence, { maxLength: 60 }), fc.boolean(), (history, isOpen) => {
        const health = assess(having(new Map(), ...history), NOON_MS, isOpen);
        const critical = health.components.filter((one) => one.isCritical);
        const isOk = critical.every((one) => one.level === "healthy");
        if (!isOk) expect(health.level).not.toBe("OK");
        for (const one of critical) {
          if (one.evidenceAtMs === null && !QUIET_AT_FIRST.has(one.component)) {
            expect(one.level).toBe("unknown");
          }
        }
      }),
    );
  });

  it("is OK when every component has proven its work in time", () => {
    const health = assess(allHealthy());
    expect(health.level).toBe("OK");
    expect(health.components).toHaveLength(COMPONENTS.length);
  });

  it("is degraded, not green and not failed, before anything has proven itself", () => {
    const health = assess(new Map());
    expect(health.level).toBe("DEGRADED");
    expect(isStarting(health)).toBe(true);
    expect(levelOf(health, "trading-cycle")).toBe("unknown");
  });

  it("names what is wrong at a start, and not what only starts", () => {
    const flow = evidenceOf("flow", { succeeded: false, detail: "No answer." });
    const health = assess(having(new Map(), flow));
    expect(health.level).toBe("DEGRADED");
    expect(isStarting(health)).toBe(false);
    expect(health.reason).toMatch(/^flow: [^:]*: No answer\.$/);
  });

  it("has failed where what rested proves nothing three minutes after its rest", () => {
    const began = ["trading-cycle", "market-data", "score-signals"];
    const without = new Map([...allHealthy()].filter(([name]) => !began.includes(name)));
    const tookOver = (ageMs: number) =>
      assess(having(without, evidenceOf("rest", { atMs: NOON_MS - ageMs, succeeded: true })));
    expect(tookOver(170_000).level).toBe("OK");
    expect(tookOver(190_000).level).toBe("FAILED");
    expect(isStarting(tookOver(190_000))).toBe(false);
  });

  it("fails when a critical component goes silent, however green its last word was (defect 6)", () => {
    const silent = evidenceOf("market-data", { atMs: NOON_MS - 240_000 });
    const health = assess(only(allHealthy(), silent));
    expect(health.level).toBe("FAILED");
    expect(levelOf(health, "market-data")).toBe("unknown");
    expect(health.reason).toContain("market-data: No proof for 240 s.");
  });

  it("counts failures over its window: one good poll does not wipe them out (defect 6)", () => {
    const failures = Array.from({ length: 5 }, (_, index) =>
      evidenceOf("market-data", { atMs: NOON_MS - 400_000 + index * 60_000, succeeded: false }),
    );
    const health = assess(having(allHealthy(), ...failures));
    expect(levelOf(health, "market-data")).toBe("unhealthy");
    expect(health.level).toBe("FAILED");
  });

  it("is degraded by the first failure of what works once a minute, and not by one shard of many", () => {
    const worked = (component: string) =>
      Array.from({ length: 9 }, (_, index) =>
        evidenceOf(component, { atMs: NOON_MS - 60_000 * (index + 1) }),
      );
    const failed = (component: string, atMs: number) =>
      evidenceOf(component, { atMs, succeeded: false, detail: "No answer." });
    const broker = assess(
      only(allHealthy(), ...worked("broker"), failed("broker", NOON_MS - 1_000)),
    );
    expect(broker.level).toBe("DEGRADED");
    expect(levelOf(broker, "broker")).toBe("degraded");
    expect(broker.reason).toContain("It fails now. Last failure: No answer.");
    const flow = assess(only(allHealthy(), ...worked("flow"), failed("flow", NOON_MS - 1_000)));
    expect(flow.level).toBe("DEGRADED");
    const shard = [
      ...worked("market-data"),
      evidenceOf("market-data", { atMs: NOON_MS - 2_000 }),
      failed("market-data", NOON_MS - 1_000),
    ];
    expect(assess(only(allHealthy(), ...shard)).level).toBe("OK");
  });

  it("is degraded by evidence of the future: with a clock that is late everything looks fresh", () => {
    const early = [evidenceOf("broker", { atMs: NOON_MS + 59_000 })];
    expect(assess(only(allHealthy(), ...early)).level).toBe("OK");
    const ahead = assess(only(allHealthy(), evidenceOf("broker", { atMs: NOON_MS + 270_000 })));
    expect(ahead.level).toBe("DEGRADED");
    expect(ahead.reason).toContain("270 s ahead of the clock");
  });

  it("is over an incident after two proofs of two cycles, and not after one", () => {
    const failures = Array.from({ length: 8 }, (_, index) =>
      evidenceOf("broker", { atMs: NOON_MS - 60_000 * (index + 3), succeeded: false }),
    );
    const levelAfter = (...proofs: readonly Evidence[]) =>
      levelOf(assess(only(allHealthy(), ...failures, ...proofs)), "broker");
    expect(levelAfter(proof(30_000))).toBe("unhealthy");
    expect(levelAfter(proof(30_000), proof(40_000))).toBe("unhealthy");
    expect(levelAfter(proof(30_000), proof(90_000))).toBe("healthy");
  });

  it("is degraded by a critical component that is, and by a supportive one that failed", () => {
    const some = [0, 1, 2, 3, 4, 5].map((index) =>
      evidenceOf("market-data", { atMs: NOON_MS - 40_000 - index }),
    );
    const failure = evidenceOf("market-data", { succeeded: false, atMs: NOON_MS - 35_000 });
    expect(assess(having(allHealthy(), ...some, failure)).level).toBe("OK");
    const two = having(allHealthy(), ...some, failure, { ...failure, atMs: NOON_MS - 34_000 });
    expect(assess(two).level).toBe("DEGRADED");
    const flow = evidenceOf("flow", { succeeded: false });
    expect(assess(only(allHealthy(), flow)).level).toBe("DEGRADED");
  });

  it("says which failures only a person can cure, until a success proves the cure", () => {
    const fault = evidenceOf("broker", { succeeded: false, fault: "configuration" });
    expect(assess(having(allHealthy(), fault)).level).toBe("FAILED_CONFIG");
    const schema = evidenceOf("market-data", { succeeded: false, fault: "schema" });
    expect(assess(having(allHealthy(), schema)).level).toBe("FAILED_API_SCHEMA");
    const cured = evidenceOf("broker", { atMs: NOON_MS - 1_000 });
    const before = Array.from({ length: 9 }, (_, index) =>
      evidenceOf("broker", { atMs: NOON_MS - 60_000 - index }),
    );
    expect(assess(having(allHealthy(), ...before, fault, cured)).level).toBe("OK");
  });

  it("is degraded by data that is old, even if it was fetched just now", () => {
    const stale = evidenceOf("flow", { dataAgeMs: 2 * 60 * 60_000 });
    const health = assess(only(allHealthy(), stale));
    expect(levelOf(health, "flow")).toBe("degraded");
    const market = evidenceOf("market-data", { dataAgeMs: 301_000 });
    expect(assess(only(allHealthy(), market)).level).toBe("DEGRADED");
  });

  it("does not call the day before's data old at the first look after the open", () => {
    const atMs = session.opensAtMs - 17 * 3_600_000;
    const evening = evidenceOf("market-data", { atMs, dataAgeMs: 4_000 });
    const opening = session.opensAtMs + 20_000;
    const component = assess(only(allHealthy(), evening), opening).components.find(
      (one) => one.component === "market-data",
    );
    expect(component?.level).toBe("healthy");
  });

  it("expects quiet while the market is closed, and says so", () => {
    const night = session.closesAtMs + 6 * 60 * 60_000;
    const evidence = only(
      allHealthy(),
      ...["aggregate-health", "keep-lease", "probe", "peer-region"].map((name) =>
        evidenceOf(name, { atMs: night - 60_000 }),
      ),
    );
    const health = assess(evidence, night, false);
    expect(health.level).toBe("OK");
    expect(health.reason).toMatch(/^The market is closed\./);
    const cycle = health.components.find((one) => one.component === "trading-cycle");
    expect(cycle?.reason).toMatch(/^The market is closed, so no proof is due\. The last proof is/);
  });

  it("counts silence from the open on, so that the night is none", () => {
    const evening = new Map(
      COMPONENTS.map(({ component }) => [
        component,
        [evidenceOf(component, { atMs: session.opensAtMs - 17 * 3_600_000 })],
      ]),
    );
    const supervised = only(
      evening,
      ...["aggregate-health", "keep-lease", "probe", "peer-region"].map((name) =>
        evidenceOf(name, { atMs: session.opensAtMs }),
      ),
    );
    expect(assess(supervised, session.opensAtMs + 60_000).level).toBe("OK");
    expect(assess(supervised, session.opensAtMs + 181_000).level).toBe("FAILED");
  });

  it("is degraded, and says why, while trading is halted: that silence is meant", () => {
    const halted = evidenceOf("rest", { succeeded: false, detail: "Trading is halted: drill." });
    const health = assess(having(stoppedFor(3_600_000), halted));
    expect(health.level).toBe("DEGRADED");
    expect(health.reason).toBe("trading-cycle: Trading is halted: drill.");
    expect(levelOf(health, "market-data")).toBe("healthy");
  });

  it("still fails while trading is halted if reconciliation or the broker go silent", () => {
    const halted = evidenceOf("rest", { succeeded: false, detail: "Trading is halted: drill." });
    for (const component of ["reconcile-orders", "broker", "ledger"]) {
      const base = having(stoppedFor(3_600_000), halted);
      expect(assess(only(base, silentFor(240_000, component))).level).toBe("FAILED");
    }
  });

  it("is OK in the Region that only watches, and fails when nobody says so any longer", () => {
    expect(assess(passive(NOON_MS - 60_000)).level).toBe("OK");
    expect(assess(passive(NOON_MS - 240_000)).level).toBe("FAILED");
  });

  it("gives what was resting three minutes to prove itself again", () => {
    const halted = evidenceOf("rest", { succeeded: false, atMs: NOON_MS - 170_000 });
    expect(assess(having(stoppedFor(3_600_000), halted)).level).toBe("DEGRADED");
    const resumed = only(
      having(stoppedFor(3_600_000), halted),
      evidenceOf("trading-cycle", { atMs: NOON_MS - 10_000 }),
    );
    expect(levelOf(assess(resumed), "trading-cycle")).toBe("healthy");
    expect(levelOf(assess(resumed), "market-data")).toBe("healthy");
  });

  it("does not miss what has not begun here, and forgets no quarter-hourly failure in between", () => {
    const rare = ["keep-lease", "activity", "probe"];
    const without = new Map([...allHealthy()].filter(([name]) => !rare.includes(name)));
    expect(assess(without).level).toBe("OK");
    const failed = evidenceOf("probe", { succeeded: false, atMs: NOON_MS - 14 * 60_000 });
    expect(assess(having(without, failed)).level).toBe("DEGRADED");
    const silent = evidenceOf("keep-lease", { atMs: NOON_MS - 240_000 });
    expect(assess(having(without, silent)).level).toBe("FAILED");
  });

  it("is idle without orders, and fails when orders were handed over and nobody took them", () => {
    const idle = new Map([...allHealthy()].filter(([name]) => name !== "execute-orders"));
    const health = assess(idle);
    expect(health.level).toBe("OK");
    expect(levelOf(health, "execute-orders")).toBe("healthy");
    const waiting = having(allHealthy(), evidenceOf("intents", { atMs: NOON_MS - 10_000 }));
    expect(levelOf(assess(waiting), "execute-orders")).toBe("healthy");
    const lost = only(
      having(allHealthy(), evidenceOf("intents", { atMs: NOON_MS - 200_000 })),
      evidenceOf("execute-orders", { atMs: NOON_MS - 400_000 }),
    );
    expect(assess(lost).level).toBe("FAILED");
  });

  it("takes a proof for an answer whose clock is five seconds behind the hand-over's, not six", () => {
    const workAtMs = NOON_MS - 300_000;
    const provenBefore = (ms: number) =>
      only(
        having(allHealthy(), evidenceOf("intents", { atMs: workAtMs })),
        evidenceOf("execute-orders", { atMs: workAtMs - ms }),
      );
    expect(levelOf(assess(provenBefore(5_000)), "execute-orders")).toBe("healthy");
    expect(levelOf(assess(provenBefore(6_000)), "execute-orders")).toBe("unknown");
  });

  it("asks for a lease only once one was kept, and fails when nobody keeps it any more", () => {
    const without = new Map([...allHealthy()].filter(([name]) => name !== "keep-lease"));
    expect(assess(without)).toMatchObject({ level: "OK" });
    expect(levelOf(assess(without, NOON_MS, false), "keep-lease")).toBe("healthy");
    const kept = evidenceOf("keep-lease", { atMs: NOON_MS - 181_000 });
    expect(assess(only(allHealthy(), kept)).level).toBe("FAILED");
    expect(assess(only(allHealthy(), kept), NOON_MS, false).level).toBe("FAILED");
    const never = evidenceOf("keep-lease", { succeeded: false });
    expect(assess(only(allHealthy(), never)).level).toBe("FAILED");
  });

  it("counts more than ten errors a minute against a component that mostly succeeds", () => {
    const rule = COMPONENTS.find(({ component }) => component === "market-data")!;
    const evidence = [
      ...Array.from({ length: 89 }, () => evidenceOf("market-data")),
      ...Array.from({ length: 11 }, () => evidenceOf("market-data", { succeeded: false })),
    ];
    const health = assessComponent(
      { rule, evidence, workEvidence: [], rest: undefined, openSession: session, nowMs: NOON_MS },
      DEFAULT_HEALTH_POLICY,
    );
    expect(health.level).toBe("degraded");
    expect(health.reason).toContain("11 errors in the last minute.");
  });

  it("hears of endpoints, memory and disk only when something is wrong with them", () => {
    const trouble = evidenceOf("memory", {
      atMs: NOON_MS - 10_000,
      succeeded: false,
      detail: "It leaks.",
    });
    const told = assess(having(allHealthy(), trouble));
    expect(told.components).toContainEqual(
      expect.objectContaining({ component: "memory", level: "degraded", reason: "It leaks." }),
    );
    // One environment that leaks does not make the system less than it is.
    expect(told.level).toBe("OK");
    const over = evidenceOf("memory", { atMs: NOON_MS - 5_000 });
    expect(levelOf(assess(having(new Map(), trouble, over)), "memory")).toBe("healthy");
    // Whoever told of it is gone.
    expect(levelOf(assess(having(new Map(), trouble), NOON_MS + 700_000), "memory")).toBe(
      "healthy",
    );
    expect(levelOf(assess(new Map()), "flow-endpoints")).toBe("healthy");
    const changed = evidenceOf("flow-endpoints", { succeeded: false, fault: "schema" });
    expect(levelOf(assess(having(new Map(), changed)), "flow-endpoints")).toBe("critical");
  });
});
