import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { OrderEvent } from "../../shared/domain/orders/order-event.ts";
import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { Ledger } from "../../shared/ports/ledger.ts";
import {
  cellArbitrary,
  firstCell,
  historyArbitrary,
  intentOf,
  OPEN_MS,
  recorded,
  SESSION,
  sessionDate,
} from "./arbitraries.ts";

const NONE_STORED = { version: 0, epoch: 0 };

/** How many runs of each property an adapter can afford. */
export type ContractRuns = { readonly runs: number; readonly raceRuns: number };

/** What every adapter of the ledger does. Each test trades on accounts of its own. */
export const describeLedger = (
  name: string,
  createLedger: () => Promise<Ledger>,
  { runs, raceRuns }: ContractRuns,
): void => {
  let accounts = 0;
  const newAccount = (): string => {
    accounts += 1;
    return `a${accounts}`;
  };
  let ledger: Ledger;
  beforeAll(async () => {
    ledger = await createLedger();
  });
  const open = async (account: string): Promise<ControlCell> => {
    const cell = firstCell(account);
    expect(await ledger.saveCell(cell, NONE_STORED)).toEqual({ ok: true, value: undefined });
    return cell;
  };

  describe(`${name}: the control cell`, () => {
    it("is undefined before it was ever saved", async () => {
      expect(await ledger.loadCell(newAccount())).toEqual({ ok: true, value: undefined });
    });

    it("comes back as it was saved, to the last field", async () => {
      await fc.assert(
        fc.asyncProperty(cellArbitrary("any"), async (cell) => {
          const account = newAccount();
          const own = { ...cell, account };
          expect(await ledger.saveCell(own, NONE_STORED)).toEqual({ ok: true, value: undefined });
          expect(await ledger.loadCell(account)).toEqual({ ok: true, value: own });
        }),
        { numRuns: runs },
      );
    });

    it("is opened once: the second opening meets the first cell", async () => {
      const account = newAccount();
      const cell = await open(account);
      const second = await ledger.saveCell({ ...cell, activeRegion: "us-west-2" }, NONE_STORED);
      expect(second).toEqual({ ok: false, error: { type: "CellConflict", current: cell } });
    });

    it("is not saved where none is stored and one was expected", async () => {
      const cell = { ...firstCell(newAccount()), version: 2 };
      const saved = await ledger.saveCell(cell, { version: 1, epoch: 1 });
      expect(saved).toEqual({ ok: false, error: { type: "CellConflict", current: undefined } });
    });

    it("refuses a writer of an older epoch, and says who is there now", async () => {
      const cell = await open(newAccount());
      const takenOver = { ...cell, version: 2, epoch: 2, activeRegion: "us-west-2" };
      expect((await ledger.saveCell(takenOver, cell)).ok).toBe(true);
      const late = await ledger.saveCell({ ...cell, version: 3 }, { version: 2, epoch: 1 });
      expect(late).toEqual({ ok: false, error: { type: "CellConflict", current: takenOver } });
    });

    it("is won by exactly one of the writers that race for one version", async () => {
      const cell = await open(newAccount());
      let before = cell;
      for (let race = 0; race < raceRuns; race++) {
        const bids = ["left", "right"].map((by) => ({
          ...before,
          version: before.version + 1,
          tradingState: { ...before.tradingState, by: `${by} ${race}` },
        }));
        const expected = { version: before.version, epoch: before.epoch };
        const answers = await Promise.all(bids.map((bid) => ledger.saveCell(bid, expected)));
        const winners = bids.filter((_, index) => answers[index]?.ok);
        expect(winners).toHaveLength(1);
        const current = winners[0] ?? cell;
        const loser = answers.find((answer) => !answer.ok);
        expect(loser).toEqual({ ok: false, error: { type: "CellConflict", current } });
        before = current;
      }
      expect(await ledger.loadCell(cell.account)).toEqual({ ok: true, value: before });
    });

    it("never loses a write, however loads and saves of several writers interleave", async () => {
      const steps = fc.array(fc.record({ writer: fc.nat(2), loads: fc.boolean() }), {
        minLength: 1,
        maxLength: 30,
      });
      await fc.assert(
        fc.asyncProperty(steps, async (plan) => {
          const cell = await open(newAccount());
          const views: (ControlCell | undefined)[] = [undefined, undefined, undefined];
          let saves = 0;
          for (const { writer, loads } of plan) {
            const view = views[writer];
            if (loads || view === undefined) {
              const loaded = await ledger.loadCell(cell.account);
              views[writer] = loaded.ok ? loaded.value : undefined;
              continue;
            }
            const saved = await ledger.saveCell({ ...view, version: view.version + 1 }, view);
            expect(saved.ok).toBe(view.version === 1 + saves);
            if (saved.ok) saves += 1;
          }
          const last = await ledger.loadCell(cell.account);
          expect(last.ok && last.value?.version).toBe(1 + saves);
        }),
        { numRuns: runs },
      );
    });
  });

  describe(`${name}: the events of an order`, () => {
    it("come back as they were appended, in runs of any length", async () => {
      await fc.assert(
        fc.asyncProperty(historyArbitrary, fc.array(fc.nat(3)), async (history, lengths) => {
          const intent = intentOf(newAccount(), 5);
          const events = [recorded(intent), ...history];
          let sequence = 0;
          for (const length of [...lengths, events.length]) {
            const run = events.slice(sequence, sequence + length);
            if (run.length === 0) continue;
            const stored = await ledger.appendEvents(intent.clientOrderId, sequence, run);
            expect(stored).toEqual({ ok: true, value: undefined });
            sequence += run.length;
          }
          const loaded = await ledger.loadEvents(intent.clientOrderId);
          expect(loaded).toEqual({ ok: true, value: events });
          const order = await ledger.loadOrder(intent.clientOrderId);
          expect(order.ok && order.value?.eventCount).toBe(events.length);
        }),
        { numRuns: runs },
      );
    });

    it("are none, and the order undefined, before the first is appended", async () => {
      const { clientOrderId } = intentOf(newAccount(), 5);
      expect(await ledger.loadEvents(clientOrderId)).toEqual({ ok: true, value: [] });
      expect(await ledger.loadOrder(clientOrderId)).toEqual({ ok: true, value: undefined });
    });

    it("stand: another event under a number that is taken changes nothing", async () => {
      const intent = intentOf(newAccount(), 5);
      await ledger.appendEvents(intent.clientOrderId, 0, [recorded(intent, "first")]);
      const second = await ledger.appendEvents(intent.clientOrderId, 0, [
        recorded(intent, "second"),
      ]);
      expect(second).toEqual({ ok: false, error: { type: "EventConflict" } });
      const events = await ledger.loadEvents(intent.clientOrderId);
      expect(events).toEqual({ ok: true, value: [recorded(intent, "first")] });
    });

    it("may be appended again with the same content, as after a lost answer", async () => {
      const intent = intentOf(newAccount(), 5);
      for (let attempt = 0; attempt < 3; attempt++) {
        const stored = await ledger.appendEvents(intent.clientOrderId, 0, [recorded(intent)]);
        expect(stored).toEqual({ ok: true, value: undefined });
      }
      const events = await ledger.loadEvents(intent.clientOrderId);
      expect(events).toEqual({ ok: true, value: [recorded(intent)] });
    });

    it("follow each other: none is written behind a gap or within what is written", async () => {
      const intent = intentOf(newAccount(), 5);
      const id = intent.clientOrderId;
      const denied: OrderEvent = { type: "denied", atMs: OPEN_MS, denials: [] };
      const behind = await ledger.appendEvents(id, 1, [denied]);
      expect(behind).toMatchObject({ ok: false, error: { type: "LedgerCorrupt" } });
      await ledger.appendEvents(id, 0, [recorded(intent), denied]);
      const within = await ledger.appendEvents(id, 1, [denied]);
      expect(within).toEqual({ ok: false, error: { type: "EventConflict" } });
      const events = await ledger.loadEvents(id);
      expect(events).toEqual({ ok: true, value: [recorded(intent), denied] });
    });

    it("are taken by exactly one of the writers that race for one number", async () => {
      for (let race = 0; race < raceRuns; race++) {
        const intent = intentOf(newAccount(), race % 390);
        const bids: OrderEvent[] = ["left", "right"].map((by) => recorded(intent, by));
        const answers = await Promise.all(
          bids.map((bid) => ledger.appendEvents(intent.clientOrderId, 0, [bid])),
        );
        const winners = bids.filter((_, index) => answers[index]?.ok);
        expect(winners).toHaveLength(1);
        const events = await ledger.loadEvents(intent.clientOrderId);
        expect(events).toEqual({ ok: true, value: winners });
      }
    });

    it("of one order are not those of another whose id begins alike", async () => {
      const account = newAccount();
      const first = intentOf(account, 5, "T");
      const second = intentOf(account, 5, "TT");
      for (const intent of [first, second]) {
        await ledger.appendEvents(intent.clientOrderId, 0, [recorded(intent)]);
      }
      const events = await ledger.loadEvents(first.clientOrderId);
      expect(events).toEqual({ ok: true, value: [recorded(first)] });
    });
  });

  describe(`${name}: the orders of a session`, () => {
    it("are the newest decisions, newest first, and at most as many as asked", async () => {
      const account = newAccount();
      const symbols = ["AAPL", "MSFT", "SPY"];
      const denied: OrderEvent = {
        type: "denied",
        atMs: OPEN_MS,
        denials: [{ reason: "cooldown", detail: "" }],
      };
      for (const minute of [3, 1, 2]) {
        for (const [index, symbol] of symbols.entries()) {
          const intent = intentOf(account, minute, symbol);
          // Within a minute AAPL was decided last, although its id sorts first.
          const decidedAtMs = intent.decidedAtMs - index;
          const events = [recorded({ ...intent, decidedAtMs }), denied];
          await ledger.appendEvents(intent.clientOrderId, 0, events);
        }
      }
      const newestFirst = [3, 2, 1].flatMap((minute) =>
        symbols.map((symbol) => intentOf(account, minute, symbol).clientOrderId),
      );
      for (const limit of [0, 1, 2, 4, 9, 50]) {
        const listed = await ledger.listOrders(account, SESSION, limit);
        const ids = listed.ok ? listed.value.map(({ intent }) => intent.clientOrderId) : undefined;
        expect(ids).toEqual(newestFirst.slice(0, limit));
      }
    });

    it("are all found where they are more than one page of the store holds", async () => {
      const account = newAccount();
      const denied: OrderEvent = {
        type: "denied",
        atMs: OPEN_MS,
        denials: [{ reason: "cooldown", detail: "" }],
      };
      const writes = Array.from({ length: 260 }, async (_, minute) => {
        const intent = intentOf(account, minute);
        await ledger.appendEvents(intent.clientOrderId, 0, [recorded(intent)]);
        await ledger.appendEvents(intent.clientOrderId, 1, [denied]);
      });
      await Promise.all(writes);
      for (const limit of [249, 250, 251, 1_000]) {
        const listed = await ledger.listOrders(account, SESSION, limit);
        const minutes = listed.ok
          ? listed.value.map((order) => (order.intent.decidedAtMs - OPEN_MS - 61_000) / 60_000)
          : [];
        const expected = Array.from({ length: Math.min(limit, 260) }, (_, index) => 259 - index);
        expect(minutes).toEqual(expected);
      }
    });

    it("are of this account and this session only", async () => {
      const account = newAccount();
      const mine = intentOf(account, 5);
      const theirs = intentOf(newAccount(), 5);
      for (const intent of [mine, theirs]) {
        await ledger.appendEvents(intent.clientOrderId, 0, [recorded(intent)]);
      }
      const listed = await ledger.listOrders(account, SESSION, 10);
      expect(listed.ok && listed.value.map((order) => order.intent)).toEqual([mine]);
      const other = await ledger.listOrders(account, sessionDate("2026-01-16"), 10);
      expect(other).toEqual({ ok: true, value: [] });
    });
  });
};
