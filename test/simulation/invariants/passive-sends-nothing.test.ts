import { describe, expect, it } from "vitest";
import { passiveSendsNothing } from "../../../simulation/invariants/passive-sends-nothing.ts";
import { cellOf, intentOf, NOW_MS } from "../../fixtures/orders.ts";
import { arrived, by, createStage, judge, OTHER, type Told, wrote } from "./stage.ts";

const entry = intentOf();

const asks = (startedAtMs: number): readonly Told[] => [
  wrote(undefined, cellOf(), by("open-cycle"), NOW_MS - 60_000),
  wrote(cellOf(), { ...cellOf(), version: 2, epoch: 2, activeRegion: OTHER }, undefined),
  {
    type: "functionStarted",
    actor: by("reconcile-orders"),
    isColdStart: false,
    atMs: startedAtMs,
  },
  { type: "cancelAsked", actor: by("reconcile-orders"), brokerOrderId: "b", atMs: NOW_MS + 9 },
];

describe("the passive Region sends nothing", () => {
  it("holds for a function that was at work when its Region lost the account", () => {
    expect(judge(passiveSendsNothing, createStage(), asks(NOW_MS - 1))).toEqual([]);
  });

  it("is broken by one that started after that, with a cancellation or an order", () => {
    expect(judge(passiveSendsNothing, createStage(), asks(NOW_MS + 1))).toHaveLength(1);
    const told = [...asks(NOW_MS + 1).slice(0, 3), arrived(entry, 1, by("reconcile-orders"))];
    expect(judge(passiveSendsNothing, createStage(), told)).toHaveLength(1);
  });
});
