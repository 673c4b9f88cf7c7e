import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createExchange } from "../../../local/exchange/core/exchange.ts";
import { JournalFault, openSqliteJournal } from "../../../local/exchange/sqlite-journal.ts";
import { usd } from "../../../shared/domain/market/money.ts";
import { accepted, buy, price, quote, sell, startExchange, TEN_O_CLOCK_MS } from "./core/market.ts";

describe("the SQLite journal of the exchange", () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "exchange-"));
    path = join(directory, "exchange.db");
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it("restores orders, positions, cash, executions and used client order ids", () => {
    const journal = openSqliteJournal(path);
    const exchange = startExchange({ journal });
    quote(exchange, "99.99", "100.01", { size: 30 });
    const bracket = buy(10, {
      orderClass: "bracket",
      clientOrderId: "entry",
      takeProfit: { limitPrice: price("110.00") },
      stopLoss: { stopPrice: price("95.00") },
    });
    const rest = { type: "limit", limitPrice: price("90.00"), timeInForce: "gtc" } as const;
    accepted(exchange.submitOrder(buy(5, rest), TEN_O_CLOCK_MS));
    const { legIds } = accepted(exchange.submitOrder(bracket, TEN_O_CLOCK_MS + 5));
    const query = { status: "all", limit: 500, direction: "asc" } as const;
    const before = {
      orders: exchange.listOrders(query),
      fills: exchange.listFills(),
      cash: exchange.getAccount().cash,
    };
    journal.close();
    const reopened = openSqliteJournal(path);
    const restored = startExchange({ journal: reopened, startsAtMs: 0 });
    expect(restored.listOrders(query)).toEqual(before.orders);
    expect(restored.listFills()).toEqual(before.fills);
    expect(restored.getAccount().cash).toBe(before.cash);
    expect(restored.nowMs()).toBe(TEN_O_CLOCK_MS + 5);
    const again = restored.submitOrder({ ...bracket }, TEN_O_CLOCK_MS + 6);
    expect(again).toMatchObject({ ok: false, error: { type: "DuplicateClientOrderId" } });
    quote(restored, "94.00", "94.02", { nowMs: TEN_O_CLOCK_MS + 10 });
    expect(restored.getOrder(legIds[1] ?? "")?.status).toBe("filled");
    expect(restored.listPositions()).toEqual([]);
    reopened.close();
  });

  it("holds every acknowledged order once after the process was killed", async () => {
    const acknowledged: string[] = [];
    for (const linesWanted of [7, 23]) {
      const script = new URL("fixtures/submit-until-killed.ts", import.meta.url);
      const child = spawn(process.execPath, [fileURLToPath(script), path], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      const ended = new Promise((resolve) => child.once("exit", resolve));
      let lines = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        acknowledged.push(line);
        if (++lines === linesWanted) child.kill("SIGKILL");
      }
      await ended;
    }
    const journal = openSqliteJournal(path);
    const exchange = createExchange({
      name: "killed",
      startsAtMs: 0,
      startingCash: usd(1),
      journal,
    });
    expect(acknowledged.length).toBeGreaterThanOrEqual(30);
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
    for (const id of acknowledged) expect(exchange.getOrderByClientOrderId(id)).toBeDefined();
    const orders = exchange.listOrders({ status: "all", limit: 100_000, direction: "asc" });
    const filled = orders.filter(({ status }) => status === "filled").length;
    expect(exchange.listFills()).toHaveLength(filled);
    journal.close();
  });

  it("refuses everything after a change that it could not keep", () => {
    let isFull = false;
    const exchange = startExchange({
      journal: {
        load: () => undefined,
        commit: () => {
          if (isFull) throw new Error("The disk is full.");
        },
      },
    });
    quote(exchange, "99.99", "100.01");
    accepted(exchange.submitOrder(buy(1), TEN_O_CLOCK_MS));
    isFull = true;
    expect(() => exchange.submitOrder(sell(1), TEN_O_CLOCK_MS)).toThrow("The disk is full.");
    isFull = false;
    expect(() => exchange.submitOrder(sell(1), TEN_O_CLOCK_MS)).toThrow("must be restarted");
  });

  it("names the file that is no database, that is damaged, or that is too new", () => {
    writeFileSync(path, "this is no database, and it is long enough to be looked at as one");
    expect(() => openSqliteJournal(path)).toThrow(path);
    const damaged = join(directory, "damaged.db");
    const journal = openSqliteJournal(damaged);
    const database = new DatabaseSync(damaged);
    database.exec(`INSERT INTO account (id, json) VALUES (1, '{"cash": "much"}')`);
    expect(() => journal.load()).toThrow(JournalFault);
    journal.close();
    database.exec("PRAGMA user_version = 99");
    database.close();
    expect(() => openSqliteJournal(damaged)).toThrow("newer version");
  });
});
