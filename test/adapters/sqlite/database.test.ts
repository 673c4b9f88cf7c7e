import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { TerminalError } from "../../../shared/domain/fault.ts";
import { openDatabase } from "../../../shared/adapters/sqlite/database.ts";
import { createSqliteItemStore } from "../../../shared/adapters/sqlite/item-store.ts";
import { createSqliteQueue } from "../../../shared/adapters/sqlite/message-queue.ts";
import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import { firstCell, intentOf, OPEN_MS, recorded } from "../../contracts/arbitraries.ts";
import { createManualClock } from "../../contracts/manual-clock.ts";
import { openForTest, temporaryDirectory } from "./temporary-database.ts";

const OPTIONS = {
  name: "orders",
  kind: "fifo",
  visibilityTimeoutMs: 30_000,
  maxReceiveCount: 3,
} as const;

/** Copies a database as `kill -9` leaves it: the file and its log, never closed. */
const copyAsKilled = (from: string, to: string): void => {
  copyFileSync(from, to);
  if (existsSync(`${from}-wal`)) copyFileSync(`${from}-wal`, `${to}-wal`);
};

describe("a database file after a restart", () => {
  it("still has the cell and every event, closed or killed", async () => {
    const directory = temporaryDirectory();
    const path = join(directory, "nested", "holdfast.db");
    const clock = createManualClock(OPEN_MS);
    const database = openForTest(path);
    const ledger = createStoredLedger(createSqliteItemStore(database, clock));
    const cell = firstCell("main");
    const intent = intentOf("main", 5);
    await ledger.saveCell(cell, { version: 0, epoch: 0 });
    await ledger.appendEvents(intent.clientOrderId, 0, [recorded(intent)]);
    const killed = join(directory, "killed.db");
    copyAsKilled(path, killed);
    database.close();
    for (const file of [path, killed]) {
      const again = createStoredLedger(createSqliteItemStore(openForTest(file), clock));
      expect(await again.loadCell("main")).toEqual({ ok: true, value: cell });
      const order = await again.loadOrder(intent.clientOrderId);
      expect(order.ok && order.value?.intent).toEqual(intent);
    }
  });

  it("delivers again what was in flight when it was killed, once its time is over", async () => {
    const directory = temporaryDirectory();
    const path = join(directory, "holdfast.db");
    const clock = createManualClock(OPEN_MS);
    const queue = createSqliteQueue(openForTest(path), OPTIONS, clock);
    await queue.send([{ body: "1", group: "main", deduplicationId: "a" }]);
    await queue.send([{ body: "2", group: "main", deduplicationId: "b" }]);
    const [inFlight] = await queue.receive(1);
    expect(inFlight?.body).toBe("1");
    const killed = join(directory, "killed.db");
    copyAsKilled(path, killed);
    const again = createSqliteQueue(openForTest(killed), OPTIONS, clock);
    await again.send([{ body: "1", group: "main", deduplicationId: "a" }]);
    expect(await again.receive(10)).toEqual([]);
    clock.advance(30_000);
    const bodies = (await again.receive(10)).map(({ body, receiveCount }) => [body, receiveCount]);
    expect(bodies).toEqual([
      ["1", 2],
      ["2", 1],
    ]);
  });

  it("keeps nothing of a transaction that did not end", () => {
    const path = join(temporaryDirectory(), "holdfast.db");
    const database = openForTest(path);
    const insert = () => database.statement("INSERT INTO sent_ids VALUES ('orders', 'a', 1)").run();
    expect(() =>
      database.transaction(() => {
        insert();
        throw new Error("Half way.");
      }),
    ).toThrow("Half way.");
    database.transaction(insert);
    expect(
      database.transaction(() => database.statement("SELECT * FROM sent_ids").all()),
    ).toHaveLength(1);
  });
});

describe("a database file that cannot be used", () => {
  it("is refused while another process has it, and free once that one is killed", () => {
    const path = join(temporaryDirectory(), "holdfast.db");
    openForTest(path).close();
    // The other process opens the file, tells us, and is killed in the middle of its work.
    const source = join(import.meta.dirname, "../../../shared/adapters/sqlite/database.ts");
    const script = `
      import { openDatabase } from ${JSON.stringify(source)};
      import { spawnSync } from "node:child_process";
      const mine = openDatabase(${JSON.stringify(path)});
      if (process.argv[1] === "inner") {
        process.stdout.write(mine.ok ? "opened" : mine.error.type);
        process.exit();
      }
      const other = spawnSync(process.execPath,
        ["--input-type=module", "-e", process.env.SCRIPT, "inner"],
        { encoding: "utf8", env: process.env });
      process.stdout.write((mine.ok ? "opened" : mine.error.type) + " " + other.stdout);
      process.kill(process.pid, "SIGKILL");`;
    const run = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
      env: { SCRIPT: script },
    });
    expect(run.stdout).toBe("opened DatabaseInUse");
    expect(run.signal).toBe("SIGKILL");
    openForTest(path);
  });

  it("is refused where this process has it open already", () => {
    const path = join(temporaryDirectory(), "holdfast.db");
    openForTest(path);
    expect(openDatabase(path)).toMatchObject({ ok: false, error: { type: "DatabaseInUse", path } });
  });

  it("is reported when damaged, in one sentence with its path, and left byte for byte", async () => {
    const path = join(temporaryDirectory(), "holdfast.db");
    const store = createSqliteItemStore(openForTest(path), createManualClock(OPEN_MS));
    const document = "x".repeat(10_000);
    for (let index = 0; index < 20; index++) {
      await store.put({ partition: "p", sort: `${index}`, document }, { type: "none" });
    }
    openDatabase(path);
    const whole = join(temporaryDirectory(), "whole.db");
    copyAsKilled(path, whole);
    openForTest(whole).close();
    const bytes = readFileSync(whole);
    const damages: readonly ((file: string) => void)[] = [
      (file) =>
        writeFileSync(
          file,
          "this is no database, but it is long enough to be read as one".repeat(20),
        ),
      (file) =>
        writeFileSync(
          file,
          Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 7)]),
        ),
      (file) => {
        writeFileSync(file, bytes);
        truncateSync(file, 9_000);
      },
    ];
    for (const [index, damage] of damages.entries()) {
      const file = join(temporaryDirectory(), `damaged-${index}.db`);
      damage(file);
      const before = readFileSync(file);
      const opened = openDatabase(file);
      expect(opened).toMatchObject({ ok: false, error: { type: "DatabaseCorrupt", path: file } });
      expect(!opened.ok && opened.error.detail).toContain(file);
      expect(readFileSync(file).equals(before)).toBe(true);
    }
  });

  it("is reported when it is another program's or a newer version's, and left as it is", () => {
    const directory = temporaryDirectory();
    const foreign = join(directory, "foreign.db");
    const other = new DatabaseSync(foreign);
    other.exec("CREATE TABLE theirs (id INTEGER)");
    other.close();
    const newer = join(directory, "newer.db");
    openForTest(newer).close();
    const raised = new DatabaseSync(newer);
    raised.exec("PRAGMA user_version = 99");
    raised.close();
    for (const path of [foreign, newer]) {
      const before = readFileSync(path);
      expect(openDatabase(path)).toMatchObject({ ok: false, error: { type: "DatabaseForeign" } });
      expect(readFileSync(path).equals(before)).toBe(true);
    }
  });

  it("is reported when it cannot even be opened", () => {
    const directory = temporaryDirectory();
    expect(openDatabase(directory)).toMatchObject({
      ok: false,
      error: { type: "DatabaseUnreadable", path: directory },
    });
  });
});

describe("an item in a SQLite database", () => {
  it("is refused whole when larger than any store of ours takes", async () => {
    const store = createSqliteItemStore(openForTest(":memory:"), createManualClock(OPEN_MS));
    const item = { partition: "p", sort: "s", document: "x".repeat(350_000) };
    await expect(store.put(item, { type: "none" })).rejects.toThrow(TerminalError);
    expect(await store.get(item)).toBeUndefined();
  });

  it("goes away some time after it has expired, and never before", async () => {
    const clock = createManualClock(OPEN_MS);
    const store = createSqliteItemStore(openForTest(":memory:"), clock);
    const put = (sort: string, expiresAtMs: number) =>
      store.put({ partition: "p", sort, document: 1, expiresAtMs }, { type: "none" });
    await put("early", OPEN_MS + 1_000);
    await put("late", OPEN_MS + 3_000_000);
    clock.advance(2_000);
    for (let index = 0; index < 400; index++) {
      await store.put({ partition: "other", sort: "s", document: index }, { type: "none" });
    }
    expect(await store.get({ partition: "p", sort: "early" })).toBeUndefined();
    expect(await store.get({ partition: "p", sort: "late" })).toBeDefined();
  });
});
