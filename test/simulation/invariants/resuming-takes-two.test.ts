import { describe, expect, it } from "vitest";
import { createResumingTakesTwo } from "../../../simulation/invariants/resuming-takes-two.ts";
import type { ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import {
  flattenTrading,
  haltTrading,
  reduceTrading,
  requestResume,
} from "../../../shared/domain/risk/trading-state.ts";
import { takeOver } from "../../../shared/domain/risk/change-cell.ts";
import { claimOf, inFlightOf } from "../../fixtures/claims.ts";
import { cellOf, holding, intentOf, NOW_MS, REGION } from "../../fixtures/orders.ts";
import { by, createStage, judge, OTHER, type Told, wrote } from "./stage.ts";

const reconciles = by("reconcile-orders");

const change = { reason: "A test.", by: "ann", atMs: NOW_MS };

const asked = (act: "requestResume" | "approveResume" | "flatten", who: string): Told => ({
  type: "operatorAsked",
  region: REGION,
  act,
  by: who,
});
const request = { by: "ann", atMs: NOW_MS, snapshotHash: "h" };
const requested = requestResume(haltTrading(cellOf(), change), request);
if (!requested.ok) throw new Error("A halted account may be asked for.");
const resumed = { ...cellOf(), version: requested.value.version + 1 };
const verdicts = (before: ControlCell, told: readonly Told[]): number =>
  judge(createResumingTakesTwo(), createStage(), [...told, wrote(before, resumed, undefined)])
    .length;

const stops = (before: ControlCell, after: ControlCell, told: readonly Told[] = []): number =>
  judge(createResumingTakesTwo(), createStage(), [...told, wrote(before, after, undefined)]).length;

describe("resuming takes two", () => {
  it("holds when one has asked and another has approved, and when a takeover ends", () => {
    const told = [asked("requestResume", "ann"), asked("approveResume", "bob")];
    expect(verdicts(requested.value, told)).toBe(0);
    const taken = takeOver(cellOf(), OTHER, NOW_MS);
    expect(verdicts({ ...taken, reconciliation: cellOf().reconciliation }, [])).toBe(0);
  });

  it("is broken by one alone, by nobody, before it is clean, and by a rebuilt cell", () => {
    const told = [asked("requestResume", "ann"), asked("approveResume", "ann")];
    expect(verdicts(requested.value, told)).toBe(1);
    expect(verdicts(requested.value, [])).toBe(1);
    expect(verdicts(reduceTrading(cellOf(), change), [])).toBe(1);
    expect(verdicts(takeOver(cellOf(), OTHER, NOW_MS), [])).toBe(1);
    const rebuilt = wrote("damaged", cellOf({ version: 2, epoch: 2 }), reconciles);
    expect(judge(createResumingTakesTwo(), createStage(), [rebuilt])).toHaveLength(1);
  });

  it("is broken by an approval more than fifteen minutes after the request", () => {
    const early = { ...asked("requestResume", "ann"), atMs: NOW_MS - 1_000_000 };
    expect(verdicts(requested.value, [early, asked("approveResume", "bob")])).toBe(1);
  });

  it("is broken where positions, orders or limits are not those that were asked for", () => {
    const told = [
      wrote(haltTrading(cellOf(), change), requested.value, undefined),
      asked("requestResume", "ann"),
      asked("approveResume", "bob"),
    ];
    expect(verdicts(requested.value, told)).toBe(0);
    expect(verdicts({ ...requested.value, ...holding(2) }, told)).toBe(1);
    expect(verdicts({ ...requested.value, ...inFlightOf(claimOf(intentOf())) }, told)).toBe(1);
    expect(verdicts({ ...requested.value, limitsDigest: "other" }, told)).toBe(1);
  });

  it("is broken by a takeover that makes its own what people have stopped", () => {
    const taken = takeOver(cellOf(), OTHER, NOW_MS);
    for (const stopped of [haltTrading(cellOf(), change), reduceTrading(cellOf(), change)]) {
      const tight = { ...taken, tradingState: stopped.tradingState };
      expect(stops(stopped, tight)).toBe(0);
      expect(stops(stopped, taken)).toBe(1);
    }
    expect(stops(cellOf(), taken)).toBe(0);
  });

  it("is broken by exits after a halt, unless somebody wants everything closed", () => {
    const halted = haltTrading(cellOf(), change);
    const closing = flattenTrading(halted, { ...change, suspendAtBroker: false });
    expect(stops(halted, reduceTrading(cellOf(), change))).toBe(1);
    expect(stops(halted, closing)).toBe(1);
    expect(stops(halted, closing, [asked("flatten", "ann")])).toBe(0);
  });
});
