import { describe, expect, it } from "vitest";
import { haltTrading } from "../../../shared/domain/risk/trading-state.ts";
import type { ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import { createActsAreRecorded } from "../../../simulation/invariants/acts-are-recorded.ts";
import type { SimulationMode } from "../../../simulation/seed-run.ts";
import { cellOf, intentOf, NOW_MS } from "../../fixtures/orders.ts";
import { append, entryOf, wroteHead } from "./audit-stage.ts";
import { by, createStage, judge, type Told, wrote } from "./stage.ts";

const active = cellOf();
const halted = haltTrading(active, { reason: "Doubt.", by: "ann", atMs: NOW_MS });

const verdicts = (
  told: readonly Told[],
  end?: SimulationMode,
  cell?: ControlCell,
): readonly string[] => {
  const stage = createStage();
  stage.cell = cell;
  stage.nowMs = NOW_MS + 10 * 60_000;
  if (cell !== undefined) stage.histories.set(intentOf().clientOrderId, [...EVENTS]);
  return judge(createActsAreRecorded(), stage, told, end).map(({ detail }) => detail);
};

const EVENTS = [
  { type: "intentRecorded", atMs: NOW_MS, intent: intentOf(), recordedBy: "a test" },
] as const;

const recorded = (kind: "halt" | "resume-approved" | "takeover-finished"): Told =>
  wroteHead(undefined, append(undefined, entryOf({ kind, epoch: active.epoch })));

const answered = (status: number): readonly Told[] => [
  { type: "operatorAsked", region: "us-east-1", act: "halt", by: "ann" },
  recorded("halt"),
  { type: "operatorAnswered", region: "us-east-1", act: "halt", by: "ann", status, body: "" },
];

describe("what matters is recorded", () => {
  it("is broken by trading that goes on without a record of who let it", () => {
    const resumed = wrote(halted, active, by("control-trading"));
    expect(verdicts([recorded("resume-approved"), resumed])).toEqual([]);
    expect(verdicts([recorded("halt"), resumed])).toHaveLength(1);
    const finished = wrote(halted, active, by("keep-lease"));
    expect(verdicts([recorded("takeover-finished"), finished])).toEqual([]);
    expect(verdicts([recorded("resume-approved"), finished])).toHaveLength(1);
  });

  it("is broken by an operator who was told that it is done, without a record or a word", () => {
    const [asks, isRecorded, told] = answered(200);
    if (asks === undefined || isRecorded === undefined || told === undefined) throw new Error("?");
    expect(verdicts([asks, isRecorded, told])).toEqual([]);
    expect(verdicts([asks, told])).toHaveLength(1);
    expect(verdicts(answered(503).filter((one) => one !== isRecorded))).toEqual([]);
  });

  it("demands that orders are sealed and that the cell is told of once all is at rest", () => {
    const { clientOrderId } = intentOf();
    const grown: Told = {
      type: "eventsAppended",
      actor: by("execute-orders"),
      clientOrderId,
      sequence: 0,
      events: EVENTS,
    };
    const { epoch, activeRegion, tradingState, limitsDigest } = active;
    const { mode, by: who } = tradingState;
    const body = { epoch, activeRegion, mode, by: who, limitsDigest };
    const said = append(undefined, entryOf({ kind: "state", body }));
    const orders = [{ id: clientOrderId, events: 1, head: "x", state: "denied", denials: [] }];
    const sealed = append(said, entryOf({ kind: "orders", body: { orders } }));
    expect(verdicts([grown, wroteHead(undefined, sealed)], "liveness", active)).toEqual([]);
    expect(verdicts([grown, wroteHead(undefined, said)], "liveness", active)).toHaveLength(1);
    expect(verdicts([grown], "liveness", active)).toHaveLength(2);
    expect(verdicts([grown], "safety", active)).toEqual([]);
  });
});
