import { afterAll, describe, expect, it } from "vitest";
import { openDatabase } from "../../../shared/adapters/sqlite/database.ts";
import { createSqliteItemStore } from "../../../shared/adapters/sqlite/item-store.ts";
import { createStoredBreakerRecords } from "../../../shared/adapters/stored/breaker-records.ts";
import { healthyBreaker } from "../../../shared/domain/breaker/breaker.ts";
import { OPEN_MS } from "../../contracts/arbitraries.ts";
import { createManualClock } from "../../contracts/manual-clock.ts";

const opened = openDatabase(":memory:");
if (!opened.ok) throw new Error(opened.error.detail);
afterAll(() => opened.value.close());
const store = createSqliteItemStore(opened.value, createManualClock(OPEN_MS));
const records = createStoredBreakerRecords(store, { region: "us-east-2" });

describe("a damaged breaker record", () => {
  it.each([
    ["keeps its version", { version: 3, epoch: 0 }, 3],
    ["has lost its version too", undefined, 0],
  ])("reads as a healthy breaker and is written over where it %s", async (name, revision, seen) => {
    const item = { partition: "breakers#us-east-2", sort: name, document: { state: "ajar" } };
    await store.put(revision === undefined ? item : { ...item, revision }, { type: "none" });
    expect(await records.load(name)).toEqual({ name, breaker: healthyBreaker(0), version: seen });
    const breaker = { ...healthyBreaker(OPEN_MS), failuresInARow: 2 };
    expect((await records.save(name, breaker, seen)).ok).toBe(true);
    expect(await records.load(name)).toEqual({ name, breaker, version: seen + 1 });
  });
});
