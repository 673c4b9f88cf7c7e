import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ControlCell, FLAT } from "../../../shared/domain/risk/control-cell.ts";
import {
  approveResume,
  finishFlattening,
  finishTakeover,
  flattenTrading,
  haltTrading,
  isSuspensionDue,
  noteSuspension,
  reduceTrading,
  requestResume,
  RESUME_WITHIN_MS,
  resumeSnapshotOf,
} from "../../../shared/domain/risk/trading-state.ts";
import { markClean, takeOver } from "../../../shared/domain/risk/change-cell.ts";
import { canonicalJson } from "../../../shared/domain/canonical-json.ts";
import { cellOf, holding, IBM, NOW_MS } from "../../fixtures/orders.ts";

const PEOPLE = ["alice", "bob", "carol"] as const;

const STEPS = [
  "halt",
  "reduce",
  "flatten",
  "finish",
  "suspend",
  "request",
  "approve",
  "takeOver",
  "clean",
  "finishTakeover",
] as const;

type Step = {
  readonly type: (typeof STEPS)[number];
  readonly by: (typeof PEOPLE)[number];
  readonly afterMs: number;
  readonly hash: "a" | "b";
};

const step: fc.Arbitrary<Step> = fc.record({
  type: fc.constantFrom(...STEPS),
  by: fc.constantFrom(...PEOPLE),
  afterMs: fc.integer({ min: 0, max: 20 * 60_000 }),
  hash: fc.constantFrom("a", "b"),
});

const take = (cell: ControlCell, one: Step, atMs: number): ControlCell => {
  const { by, hash } = one;
  const change = { reason: `${one.type}.`, by, atMs };
  switch (one.type) {
    case "halt":
      return haltTrading(cell, change);
    case "reduce":
      return reduceTrading(cell, change);
    case "flatten":
      return flattenTrading(cell, { ...change, suspendAtBroker: hash === "a" });
    case "finish":
      return finishFlattening(cell, atMs);
    case "suspend":
      return noteSuspension(cell);
    case "takeOver":
      return takeOver(cell, hash, atMs);
    case "clean":
      return markClean(cell, atMs);
    case "finishTakeover":
      return finishTakeover(cell, atMs);
    case "request": {
      const asked = requestResume(cell, { by, atMs, snapshotHash: hash });
      return asked.ok ? asked.value : cell;
    }
    case "approve": {
      const approved = approveResume(cell, { by, atMs, snapshotHash: hash });
      return approved.ok ? approved.value : cell;
    }
  }
};

/** How much may be sent: a higher one allows more. */
const RANK = { halted: 0, reducing: 1, active: 2 } as const;

describe("the trading state", () => {
  it("gets looser only by two principals who ask and approve alike within 15 minutes", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let cell = cellOf();
        let atMs = NOW_MS;
        let wasActiveBeforeTakeover = false;
        for (const one of steps) {
          const before = cell;
          atMs += one.afterMs;
          cell = take(cell, one, atMs);
          if (before.tradingState.mode === "active" && one.type === "takeOver") {
            wasActiveBeforeTakeover = true;
          } else if (["halt", "reduce", "flatten"].includes(one.type)) {
            wasActiveBeforeTakeover = false;
          }
          const rose = RANK[cell.tradingState.mode] > RANK[before.tradingState.mode];
          if (!rose) continue;
          if (cell.tradingState.mode === "reducing") {
            // Closing positions from halted: only exits, and it ends halted again.
            expect(cell.tradingState.isFlattening).toBe(true);
            continue;
          }
          if (one.type === "finishTakeover") {
            // What nobody has stopped goes on by itself, under the new epoch, when it is clean.
            expect(wasActiveBeforeTakeover).toBe(true);
            expect(cell.reconciliation.state).toBe("clean");
            continue;
          }
          const request = before.resumeRequest;
          expect(one.type).toBe("approve");
          expect(request?.by).not.toBe(one.by);
          expect(request?.snapshotHash).toBe(one.hash);
          expect(atMs - (request?.atMs ?? 0)).toBeLessThanOrEqual(RESUME_WITHIN_MS);
          expect(cell.resumeRequest).toBeNull();
        }
      }),
    );
  });

  it("is never flattening or about to suspend unless it is reducing or halted", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let cell = cellOf();
        let atMs = NOW_MS;
        for (const one of steps) {
          atMs += one.afterMs;
          cell = take(cell, one, atMs);
          const { mode, isFlattening, suspendAtBroker } = cell.tradingState;
          if (isFlattening) expect(mode).toBe("reducing");
          if (suspendAtBroker) expect(mode).not.toBe("active");
          // The broker is asked only once nothing is left to close.
          expect(isSuspensionDue(cell)).toBe(suspendAtBroker && !isFlattening);
        }
      }),
    );
  });

  it("repeated changes nothing, not even the version: the first reason stands", () => {
    for (const change of [haltTrading, reduceTrading] as const) {
      const once = change(cellOf(), { reason: "First.", by: "alice", atMs: NOW_MS });
      expect(change(once, { reason: "Second.", by: "bob", atMs: NOW_MS + 1 })).toBe(once);
    }
    const wish = { reason: "First.", by: "alice", atMs: NOW_MS, suspendAtBroker: true };
    const once = flattenTrading(cellOf(), wish);
    expect(flattenTrading(once, { ...wish, reason: "Second.", suspendAtBroker: false })).toBe(once);
    const halted = haltTrading(cellOf(), wish);
    expect(reduceTrading(halted, wish)).toBe(halted);
  });

  it("keeps why it flattens when it takes the wish to suspend later", () => {
    const wish = { reason: "First.", by: "alice", atMs: NOW_MS, suspendAtBroker: false };
    const flattening = flattenTrading(cellOf(), wish);
    const more = flattenTrading(flattening, {
      ...wish,
      reason: "Second.",
      by: "bob",
      suspendAtBroker: true,
    });
    expect(more.tradingState).toMatchObject({
      reason: "First.",
      by: "alice",
      suspendAtBroker: true,
    });
  });

  it("forgets a request to resume as soon as it gets tighter", () => {
    const reducing = reduceTrading(cellOf(), { reason: "A.", by: "alice", atMs: NOW_MS });
    const asked = requestResume(reducing, { by: "alice", atMs: NOW_MS, snapshotHash: "a" });
    if (!asked.ok) throw new Error(asked.error.type);
    const halted = haltTrading(asked.value, { reason: "B.", by: "bob", atMs: NOW_MS + 1 });
    const approval = { by: "carol", atMs: NOW_MS + 2, snapshotHash: "a" };
    expect(approveResume(halted, approval)).toMatchObject({ error: { type: "NothingRequested" } });
  });

  it("defect 5: does not resume while ledger and broker are not found to agree", () => {
    const halted = haltTrading(cellOf(), { reason: "A.", by: "alice", atMs: NOW_MS });
    const asked = requestResume(halted, { by: "alice", atMs: NOW_MS, snapshotHash: "a" });
    if (!asked.ok) throw new Error(asked.error.type);
    const approval = { by: "bob", atMs: NOW_MS + 1, snapshotHash: "a" };
    for (const state of ["never", "unverified"] as const) {
      const cell = { ...asked.value, reconciliation: { state, cleanAtMs: null } };
      expect(approveResume(cell, approval)).toMatchObject({ error: { type: "NotReconciled" } });
    }
    expect(approveResume(asked.value, approval).ok).toBe(true);
  });

  it("has a request from the future count as expired: a clock that jumped proves nothing", () => {
    const halted = haltTrading(cellOf(), { reason: "A.", by: "alice", atMs: NOW_MS });
    const asked = requestResume(halted, { by: "alice", atMs: NOW_MS + 60_000, snapshotHash: "a" });
    if (!asked.ok) throw new Error(asked.error.type);
    expect(
      approveResume(asked.value, { by: "bob", atMs: NOW_MS, snapshotHash: "a" }),
    ).toMatchObject({ error: { type: "RequestExpired" } });
  });
});

const textOf = (cell: ControlCell): string => canonicalJson(resumeSnapshotOf(cell));

describe("the snapshot that two principals agree on", () => {
  it("changes with the state, the positions, the limits and the Region, not with prices", () => {
    const cell = cellOf(holding(2));
    const same = { ...cell, ...holding(2, "250.00"), version: 99 };
    expect(textOf(same)).toBe(textOf(cell));
    for (const change of [
      holding(3),
      { limitsDigest: "other" },
      { activeRegion: "us-west-2" },
      { epoch: 2 },
      { tradingState: { ...cell.tradingState, reason: "Another." } },
    ]) {
      expect(textOf({ ...cell, ...change })).not.toBe(textOf(cell));
    }
  });

  it("leaves out what is flat: forgetting it changes nothing", () => {
    const cell = cellOf({ holdings: { [IBM]: FLAT } });
    expect(textOf(cell)).toBe(textOf({ ...cell, holdings: {} }));
  });
});
