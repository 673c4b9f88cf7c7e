import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, expect, it } from "vitest";
import { openSqliteJournal } from "../../../local/exchange/sqlite-journal.ts";
import { openDatabase } from "../../../shared/adapters/sqlite/database.ts";
import { createSqliteItemStore } from "../../../shared/adapters/sqlite/item-store.ts";
import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import { epochMsToNewYork } from "../../../shared/domain/market/new-york-time.ts";
import { makeStateDirectory, removeDirectory, startLocalWorld, type Line } from "./local-world.ts";

const state = makeStateDirectory();
afterAll(() => removeDirectory(state));

const KILLS = 5;
const STOPS_MAX = 4;
/** Many symbols make many orders in the first minutes. */
const SYMBOLS = ["A", "B", "C", "D"].flatMap((first) =>
  ["A", "B", "C", "D", "E", "F", "G", "H", "K", "L"].map((second) => first + second),
);
const WORDS = ["--state", state, "--speed", "60", "--seed", "4", "--symbols", SYMBOLS.join(",")];
const atMsOf = (line: Line): number => Number(line["atMs"]);

/** What the ledger and the broker each say, read from their files while nothing runs. */
const readBooks = async () => {
  const opened = openDatabase(join(state, "holdfast.db"));
  if (!opened.ok) throw new Error(opened.error.detail);
  const journal = openSqliteJournal(join(state, "exchange.db"));
  try {
    const clock = { nowMs: () => 0, monotonicMs: () => 0 };
    const ledger = createStoredLedger(createSqliteItemStore(opened.value, clock));
    const exchange = journal.load();
    const cell = await ledger.loadCell("main");
    if (exchange === undefined || !cell.ok || cell.value === undefined)
      throw new Error("No books.");
    const ours = exchange.orders.filter(({ parentId }) => parentId === undefined);
    const dates = new Set(ours.map(({ createdAtMs }) => epochMsToNewYork(createdAtMs).date));
    const intents = [];
    for (const date of dates) {
      const listed = await ledger.listOrders("main", date, 1_000);
      if (!listed.ok) throw new Error(listed.error.detail);
      intents.push(...listed.value);
    }
    const held = Object.entries(cell.value.holdings).filter(([, { quantity }]) => quantity !== 0);
    return {
      ledger: {
        holdings: Object.fromEntries(held.map(([symbol, { quantity }]) => [symbol, quantity])),
        filled: Object.fromEntries(
          intents
            .filter(({ brokerOrderId }) => brokerOrderId !== null)
            .map(({ intent, filled }) => [intent.clientOrderId, filled]),
        ),
      },
      broker: {
        holdings: Object.fromEntries(
          exchange.positions.map(({ symbol, quantity }) => [symbol, quantity]),
        ),
        filled: Object.fromEntries(
          ours.map(({ clientOrderId, filledQuantity }) => [clientOrderId, filledQuantity]),
        ),
      },
      ids: ours.map(({ clientOrderId }) => clientOrderId),
    };
  } finally {
    journal.close();
    opened.value.close();
  }
};

it(
  "doubles no order and agrees with the broker after kill -9 under load, again and again",
  { timeout: 180_000 },
  async () => {
    let latestMs = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const world = startLocalWorld(WORDS);
      const begun = await world.waitFor(({ type }) => type === "ready");
      // Time never goes back, not even over a kill.
      expect(atMsOf(begun)).toBeGreaterThanOrEqual(latestMs);
      // Each kill strikes at another moment of the work, while orders may be under way.
      const awaited = kill % 2 === 0 ? ["orderFilled", "orderDenied"] : ["cycle"];
      await world.waitFor((line) => awaited.includes(line.type) && atMsOf(line) > latestMs);
      latestMs = Math.max(
        ...world
          .lines()
          .filter(({ atMs }) => atMs !== undefined)
          .map(atMsOf),
      );
      world.kill("SIGKILL");
      await world.ended;
    }
    // Claims whose answers were lost are settled in the world's minutes, so still at high speed.
    const settling = startLocalWorld(WORDS);
    await settling.waitFor((line) => line.type === "reconciled" && line["isClean"] === true);
    settling.kill("SIGTERM");
    expect([0, 1, 2]).toContain(await settling.ended);
    // At speed 1 no new cycle begins meanwhile: what the last stop left is read by the next start.
    let books = await readBooks();
    for (let stop = 0; stop < STOPS_MAX; stop++) {
      const world = startLocalWorld([...WORDS, "--speed", "1"]);
      await world.waitFor((line) => line.type === "reconciled");
      world.kill("SIGTERM");
      expect([0, 1, 2]).toContain(await world.ended);
      expect(world.errors()).toBe("");
      books = await readBooks();
      if (isDeepStrictEqual(books.ledger, books.broker)) break;
    }
    expect(books.ledger).toEqual(books.broker);
    expect(books.ids.length).toBeGreaterThan(0);
    expect(new Set(books.ids).size).toBe(books.ids.length);
    // One decision, one order: every order of the broker stands for an intent of the ledger.
    expect(Object.keys(books.ledger.filled).toSorted()).toEqual(books.ids.toSorted());
  },
);
