import { describe, expect, it } from "vitest";
import { createOpenBreakerSendsNothing } from "../../../simulation/invariants/open-breaker-sends-nothing.ts";
import { healthyBreaker } from "../../../shared/domain/breaker/breaker.ts";
import { NOW_MS, REGION } from "../../fixtures/orders.ts";
import { by, createStage, judge, type Told } from "./stage.ts";

const polls = by("poll-market-data");

const open = {
  state: "open",
  generation: 1,
  trips: 1,
  sinceMs: NOW_MS - 1_000,
  untilMs: NOW_MS + 60_000,
  reason: "failuresInARow",
} as const;

const read = (breaker: typeof open | ReturnType<typeof healthyBreaker>): Told => ({
  type: "breakersRead",
  actor: polls,
  breakers: [{ name: "polygon.snapshots", breaker, version: 1 }],
});

const asked = (vendor: "polygon" | "yahoo", atMs = NOW_MS, actor = polls): Told => ({
  type: "vendorAsked",
  actor,
  vendor,
  symbols: 1,
  atMs,
});

const verdicts = (...told: readonly Told[]): number =>
  judge(createOpenBreakerSendsNothing(), createStage(), told).length;

const halfOpen = (leases: number, successes: number): Told => ({
  type: "breakerWritten",
  actor: polls,
  name: "polygon.snapshots",
  breaker: {
    state: "halfOpen",
    generation: 2,
    trips: 1,
    sinceMs: NOW_MS,
    successes,
    leases: Array.from({ length: leases }, (_, index) => ({
      number: index + 1,
      untilMs: NOW_MS + 10_000,
    })),
    nextLease: leases + 1,
  },
});

describe("an open breaker sends nothing", () => {
  it("holds for other vendors, when its time is over, and while it is closed", () => {
    expect(verdicts(read(open), asked("yahoo"))).toBe(0);
    expect(verdicts(read(open), asked("polygon", NOW_MS + 60_000))).toBe(0);
    expect(verdicts(read(healthyBreaker(NOW_MS)), asked("polygon"))).toBe(0);
  });

  it("is broken by a half-open breaker with more probes than places", () => {
    expect(verdicts(halfOpen(3, 0), halfOpen(1, 2))).toBe(0);
    expect(verdicts(halfOpen(4, 0))).toBe(1);
    expect(verdicts(halfOpen(2, 2))).toBe(1);
  });

  it("is broken by a function that has read of it and asks all the same", () => {
    expect(verdicts(read(open), asked("polygon"))).toBe(1);
    expect(verdicts(read(open), asked("polygon", NOW_MS, by("poll-market-data", REGION, 2)))).toBe(
      0,
    );
  });
});
