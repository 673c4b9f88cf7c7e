import { describe, expect, it } from "vitest";
import { createNoMessageLost } from "../../../simulation/invariants/no-message-lost.ts";
import type { RegionView } from "../../../simulation/observation.ts";
import type { OrderEvent } from "../../../shared/domain/orders/order-event.ts";
import { cellOf, intentOf, NOW_MS, REGION } from "../../fixtures/orders.ts";
import { claimOf } from "../../fixtures/claims.ts";
import { by, createStage, judge, type Stage, type Told, withClaims, wrote } from "./stage.ts";

const intent = intentOf();

const id = intent.clientOrderId;

const recorded: OrderEvent = { type: "intentRecorded", atMs: NOW_MS, intent, recordedBy: "d" };

const denied: OrderEvent = { type: "denied", atMs: NOW_MS, denials: [] };

const executes = by("execute-orders");

const region = (waiting = 0): RegionView => ({
  name: REGION,
  isIsolated: false,
  queues: {
    "market-data": { waiting: 0, inFlight: 0, dead: 0 },
    "orders.fifo": { waiting, inFlight: 0, dead: 0 },
    "exits.fifo": { waiting: 0, inFlight: 0, dead: 0 },
  },
  health: { level: "OK", reason: "", components: [], atMs: NOW_MS },
  openAlerts: [],
});

const of = { region: REGION, queue: "orders.fifo", messageId: "m1" } as const;
const body = JSON.stringify(intent);
const sent: Told = { type: "messageSent", ...of, body, group: "main" };
const removed: Told = { type: "messageRemoved", ...of, body };
const buried: Told = { type: "messageDeadLettered", ...of, body, cause: "receives" };
const stageWith = (...events: readonly OrderEvent[]): Stage => {
  const stage = createStage();
  stage.histories.set(id, [...events]);
  stage.regions = [region()];
  return stage;
};

describe("no message is lost", () => {
  it("holds for what is removed once its intent is over, or claimed", () => {
    const told = [sent, removed];
    expect(judge(createNoMessageLost(), stageWith(recorded, denied), told, "safety")).toEqual([]);
    const claims = wrote(cellOf(), withClaims(cellOf(), claimOf(intent)), executes);
    expect(judge(createNoMessageLost(), stageWith(recorded), [claims, ...told])).toEqual([]);
  });

  it("is broken by a removal before anything, or no more than the intent, was recorded", () => {
    expect(judge(createNoMessageLost(), stageWith(), [sent, removed])).toHaveLength(1);
    expect(judge(createNoMessageLost(), stageWith(recorded), [sent, removed])).toHaveLength(1);
  });

  it("is broken by a message that is nowhere in the end", () => {
    expect(judge(createNoMessageLost(), stageWith(), [sent], "safety")).toHaveLength(1);
    const stage = stageWith();
    stage.regions = [region(1)];
    expect(judge(createNoMessageLost(), stage, [sent], "safety")).toEqual([]);
  });

  it("is broken by a dead letter of which no alarm tells", () => {
    const stage = stageWith();
    stage.nowMs = NOW_MS + 3_600_000;
    expect(judge(createNoMessageLost(), stage, [sent, buried], "safety")).toHaveLength(1);
    const alarm: Told = {
      type: "alertRaised",
      region: REGION,
      alert: {
        key: `dead-letters-orders.fifo-${REGION}`,
        action: "trigger",
        severity: "critical",
        summary: "A dead letter.",
        component: "orders",
        mode: "sim",
        atMs: NOW_MS,
        runbook: "dead-letters",
      },
    };
    expect(judge(createNoMessageLost(), stage, [sent, buried, alarm], "safety")).toEqual([]);
  });
});
