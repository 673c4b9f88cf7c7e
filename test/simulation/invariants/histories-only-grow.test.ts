import { describe, expect, it } from "vitest";
import { createHistoriesOnlyGrow } from "../../../simulation/invariants/histories-only-grow.ts";
import type { OrderEvent } from "../../../shared/domain/orders/order-event.ts";
import { intentOf, NOW_MS } from "../../fixtures/orders.ts";
import { by, createStage, judge, type Told } from "./stage.ts";

const intent = intentOf();

const id = intent.clientOrderId;

const recorded: OrderEvent = { type: "intentRecorded", atMs: NOW_MS, intent, recordedBy: "d" };

const denied: OrderEvent = { type: "denied", atMs: NOW_MS, denials: [] };

const executes = by("execute-orders");

const appends = (sequence: number, ...events: readonly OrderEvent[]): Told => ({
  type: "eventsAppended",
  actor: executes,
  clientOrderId: id,
  sequence,
  events,
});
/** Appends one after the other to a stage that stores what `stored` makes of it. */
const verdicts = (
  told: readonly Extract<Told, { type: "eventsAppended" }>[],
  stored: (events: readonly OrderEvent[]) => readonly OrderEvent[] = (events) => events,
): number => {
  const stage = createStage();
  const invariant = createHistoriesOnlyGrow();
  let events: readonly OrderEvent[] = [];
  let found = 0;
  for (const one of told) {
    events = [...events, ...one.events];
    stage.histories.set(id, [...stored(events)]);
    found += judge(invariant, stage, [one]).length;
  }
  return found + judge(invariant, stage, [], "safety").length;
};
const append = (sequence: number, ...events: readonly OrderEvent[]) => {
  const told = appends(sequence, ...events);
  if (told.type !== "eventsAppended") throw new Error("Events are appended.");
  return told;
};

const changed = (events: readonly OrderEvent[]): readonly OrderEvent[] =>
  events.map((event) => ({ ...event, atMs: event.atMs + 1 }));

const lost = (events: readonly OrderEvent[]): readonly OrderEvent[] => events.slice(0, 1);

describe("histories only grow", () => {
  it("holds while each run begins where the last one ended", () => {
    expect(verdicts([append(0, recorded), append(1, denied)])).toBe(0);
  });

  it("is broken by a gap, by an overlap, and by what no order can do", () => {
    expect(verdicts([append(0, recorded), append(2, denied)])).toBeGreaterThan(0);
    expect(verdicts([append(0, recorded), append(0, recorded)])).toBeGreaterThan(0);
    expect(verdicts([append(0, recorded), append(1, denied), append(2, denied)])).toBeGreaterThan(
      0,
    );
  });

  it("is broken by an event that was changed, lost or exchanged after it was written", () => {
    expect(verdicts([append(0, recorded), append(1, denied)], changed)).toBeGreaterThan(0);
    expect(verdicts([append(0, recorded), append(1, denied)], lost)).toBeGreaterThan(0);
  });
});
