import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  classifyDeadLetter,
  type DeadLetterScene,
  type RedrivePolicy,
} from "../../../shared/domain/dead-letters/classify-dead-letter.ts";
import type { DeadLetter } from "../../../shared/domain/dead-letters/dead-letter.ts";
import { firstOrder, type Order } from "../../../shared/domain/orders/order.ts";
import type { OrderIntent } from "../../../shared/domain/orders/order-intent.ts";
import { cellOf, holding, intentOf, NOW_MS } from "../../fixtures/orders.ts";

const POLICY: RedrivePolicy = { marketDataAgeMaxMs: 90_000, redrivesMax: 3, backOffMs: 30_000 };
const ENTRY = intentOf();
const EXIT = intentOf({ side: "sell", purpose: "exit" });
const BUG = { kind: "bug", detail: "This does not hold." } as const;

const letterOf = (intent: OrderIntent, rest: Partial<DeadLetter> = {}): DeadLetter => ({
  content: { type: "intent", intent },
  redrives: 0,
  failure: undefined,
  sentAtMs: NOW_MS,
  ...rest,
});

const sceneOf = (rest: Partial<DeadLetterScene> = {}): DeadLetterScene => ({
  nowMs: NOW_MS + 1_000,
  order: undefined,
  cell: cellOf(holding(2)),
  isAsked: false,
  ...rest,
});

const recorded = (intent: OrderIntent): Order =>
  firstOrder({ type: "intentRecorded", atMs: NOW_MS, intent, recordedBy: "a" });

const anyLetter = fc.record({
  intent: fc.constantFrom(ENTRY, EXIT),
  redrives: fc.nat(10),
  failure: fc.constantFrom(undefined, BUG),
  sentAtMs: fc.integer({ min: NOW_MS - 100_000, max: NOW_MS + 100_000 }),
});
const anyScene = fc.record({
  nowMs: fc.integer({ min: NOW_MS, max: NOW_MS + 200_000 }),
  order: fc.constantFrom(undefined, "new", "claimed", "acknowledged", "notSent"),
  held: fc.constantFrom(-2, 0, 2, undefined),
  isAsked: fc.boolean(),
});

describe("a dead letter's fate", () => {
  it("never brings back what is decided, too old, or needed no more, whoever asks", () => {
    fc.assert(
      fc.property(anyLetter, anyScene, ({ intent, ...rest }, { order, held, ...scene }) => {
        const known =
          order === undefined
            ? undefined
            : ({ ...recorded(intent), state: { name: order } } as Order);
        const cell = held === undefined ? undefined : cellOf(holding(held));
        const verdict = classifyDeadLetter(
          letterOf(intent, rest),
          { ...scene, order: known, cell },
          POLICY,
        );
        if (verdict.type !== "redrive") return;
        expect(scene.nowMs).toBeLessThan(intent.validUntilMs);
        expect([undefined, "new", "notSent"]).toContain(order);
        if (!scene.isAsked) expect(rest.redrives).toBeLessThan(POLICY.redrivesMax);
        if (intent.purpose === "exit") expect([2, undefined]).toContain(held);
        else if (!scene.isAsked) expect(rest.failure).toBeUndefined();
      }),
    );
  });

  it("an exit goes back, whatever it failed of, while its position is open", () => {
    expect(classifyDeadLetter(letterOf(EXIT, { failure: BUG }), sceneOf(), POLICY)).toEqual({
      type: "redrive",
    });
    const flat = sceneOf({ cell: cellOf() });
    expect(classifyDeadLetter(letterOf(EXIT), flat, POLICY)).toMatchObject({
      reason: "positionClosed",
    });
  });

  it("an exit whose time is over is told of while its position is open", () => {
    const late = sceneOf({ nowMs: EXIT.validUntilMs });
    expect(classifyDeadLetter(letterOf(EXIT), late, POLICY)).toEqual({
      type: "drop",
      reason: "expired",
      isPositionOpen: true,
    });
  });

  it("a poisoned entry is kept for a person, one whose time is over is dropped", () => {
    expect(classifyDeadLetter(letterOf(ENTRY, { failure: BUG }), sceneOf(), POLICY)).toEqual({
      type: "quarantine",
      reason: BUG.detail,
    });
    const late = sceneOf({ nowMs: ENTRY.validUntilMs });
    expect(classifyDeadLetter(letterOf(ENTRY), late, POLICY)).toMatchObject({ reason: "expired" });
  });

  it("waits longer before each redrive, and ends with a person", () => {
    const sent = { sentAtMs: NOW_MS };
    const at = (redrives: number) =>
      classifyDeadLetter(letterOf(EXIT, { ...sent, redrives }), sceneOf(), POLICY);
    expect(at(0)).toEqual({ type: "redrive" });
    expect(at(1)).toEqual({ type: "wait", untilMs: NOW_MS + 30_000 });
    expect(at(2)).toEqual({ type: "wait", untilMs: NOW_MS + 60_000 });
    expect(at(3)).toMatchObject({ type: "quarantine" });
  });

  it("quotes go back while they are fresh", () => {
    const content = { type: "marketData", cycleId: "c", slotMs: NOW_MS } as const;
    const letter = { ...letterOf(ENTRY), content };
    expect(classifyDeadLetter(letter, sceneOf(), POLICY).type).toBe("redrive");
    const late = sceneOf({ nowMs: NOW_MS + 90_000 });
    expect(classifyDeadLetter(letter, late, POLICY)).toMatchObject({ reason: "replaced" });
    const poisoned = { ...letter, failure: BUG };
    expect(classifyDeadLetter(poisoned, late, POLICY).type).toBe("quarantine");
  });
});
