import { describe, expect, it } from "vitest";
import { DEFAULT_HEALTH_POLICY } from "../../../shared/domain/health/health-policy.ts";
import { assessSystem, REST } from "../../../shared/domain/health/assess-system.ts";
import type { Evidence } from "../../../shared/domain/health/evidence.ts";
import { sessionOf } from "../../../shared/domain/market/calendar.ts";
import { must } from "../../fixtures/orders.ts";
import { parseSessionDate } from "../../../shared/domain/market/session-date.ts";

const session = must(sessionOf(must(parseSessionDate("2013-10-07"))));
const NOON_MS = session.opensAtMs + 150 * 60_000;

const fresh = (component: string): readonly [string, readonly Evidence[]] => [
  component,
  [
    {
      component,
      atMs: NOON_MS - 30_000,
      succeeded: true,
      detail: "us-west-2 trades, this is us-east-2.",
      latencyMs: null,
      dataAgeMs: null,
      fault: null,
    },
  ],
];

const levelWith = (...components: readonly string[]): string =>
  assessSystem(
    {
      evidence: new Map(components.map(fresh)),
      openSession: session,
      nowMs: NOON_MS,
    },
    DEFAULT_HEALTH_POLICY,
  ).level;

describe("a Region that leaves trading to another one", () => {
  it("is well while it watches that Region", () => {
    const watching = ["ledger", "broker", REST, "keep-lease", "peer-region", "aggregate-health"];
    expect(levelWith(...watching)).toBe("OK");
  });

  it("is not well where there is no other one: then nobody trades at all", () => {
    expect(levelWith("ledger", "broker", REST, "aggregate-health")).not.toBe("OK");
  });
});
