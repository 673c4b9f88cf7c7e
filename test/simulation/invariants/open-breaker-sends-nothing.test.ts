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

describe("an open breaker sends nothing", () => {
  it("holds for other vendors, when its time is over, and while it is closed", () => {
    expect(verdicts(read(open), asked("yahoo"))).toBe(0);
    expect(verdicts(read(open), asked("polygon", NOW_MS + 60_000))).toBe(0);
    expect(verdicts(read(healthyBreaker(NOW_MS)), asked("polygon"))).toBe(0);
  });

  it("is broken by a function that has read of it and asks all the same", () => {
    expect(verdicts(read(open), asked("polygon"))).toBe(1);
    expect(verdicts(read(open), asked("polygon", NOW_MS, by("poll-market-data", REGION, 2)))).toBe(
      0,
    );
  });
});
