import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { ItemKey } from "../../../shared/adapters/stored/item-store.ts";
import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import { canonicalJson } from "../../../shared/domain/canonical-json.ts";
import { firstCell, intentOf } from "../../contracts/arbitraries.ts";
import { createTextItemStore } from "./text-item-store.ts";

/** An item as schema 1 sealed it. */
const sealedBySchema1 = (key: ItemKey, body: unknown) => ({
  schemaVersion: 1,
  digest: createHash("sha256")
    .update(canonicalJson([key.partition, key.sort, body]))
    .digest("hex"),
  body,
});

/** A cell as schema 1 wrote it, with a claim in flight. */
const intent = intentOf("main", 5);
const {
  resumeRequest: _request,
  cashFlow: _cash,
  peakEquity: _peak,
  ...common
} = firstCell("main");
const {
  maxDailyLossPct: _loss,
  maxDrawdownPct: _down,
  rejectsToLatch: _latch,
  ...limits
} = common.limits;
const { isFlattening: _flat, suspendAtBroker: _suspend, ...tradingState } = common.tradingState;
const claim = {
  clientOrderId: intent.clientOrderId,
  claimId: "c1",
  epoch: 1,
  symbol: "SPY",
  side: "buy",
  purpose: "entry",
  quantity: 2_000_000_000,
  filled: 0,
  filledPrice: null,
  price: 1_872_600,
  stage: "unknown",
  claimedAtMs: 5,
  submitByMs: 10,
  entryBeforeMs: null,
  absentSinceMs: null,
};
const cellOfSchema1 = {
  ...common,
  schemaVersion: 1,
  limits,
  tradingState,
  day: {
    sessionDate: intent.sessionDate,
    entries: 1,
    exits: 0,
    startingEquity: null,
    realizedProfit: 0,
  },
  inFlight: { [intent.clientOrderId]: claim },
};

describe("documents of schema 1", () => {
  it("are read as cells of today, with every reservation that they held", async () => {
    const store = createTextItemStore();
    const ledger = createStoredLedger(store);
    const key = { partition: "cell#main", sort: "cell" };
    const document = sealedBySchema1(key, cellOfSchema1);
    const revision = { version: 1, epoch: 1 };
    await store.put({ ...key, document, revision }, { type: "absent" });
    const loaded = await ledger.loadCell("main");
    expect(loaded).toMatchObject({
      ok: true,
      value: {
        schemaVersion: 3,
        limitsDigest: "",
        tradingState: { isFlattening: false, suspendAtBroker: false },
        day: { entries: 1, rejects: [] },
        inFlight: { [intent.clientOrderId]: { stage: "unknown", protection: null, closed: 0 } },
      },
    });
    if (!loaded.ok || loaded.value === undefined) throw new Error("The cell was not read.");
    const next = { ...loaded.value, version: 2 };
    expect(await ledger.saveCell(next, { version: 1, epoch: 1 })).toEqual({
      ok: true,
      value: undefined,
    });
    expect(await ledger.loadCell("main")).toEqual({ ok: true, value: next });
  });

  it("are followed by schema 2, which knew no wish to have the broker suspend trading", async () => {
    const store = createTextItemStore();
    const key = { partition: "cell#main", sort: "cell" };
    const cell = firstCell("main");
    const { suspendAtBroker: _wish, ...older } = cell.tradingState;
    const body = { ...cell, schemaVersion: 2, tradingState: older };
    const digest = createHash("sha256")
      .update(canonicalJson([key.partition, key.sort, 2, body]))
      .digest("hex");
    const document = { schemaVersion: 2, digest, body };
    await store.put({ ...key, document, revision: { version: 1, epoch: 1 } }, { type: "absent" });
    const loaded = await createStoredLedger(store).loadCell("main");
    const tradingState = { ...cell.tradingState, suspendAtBroker: false };
    expect(loaded).toEqual({ ok: true, value: { ...cell, tradingState } });
  });

  it("are read as histories of today", async () => {
    const store = createTextItemStore();
    const ledger = createStoredLedger(store);
    const { protection: _protection, ...intentOfSchema1 } = intent;
    const events = [
      { type: "intentRecorded", atMs: 1, intent: intentOfSchema1, recordedBy: "a" },
      { type: "claimed", atMs: 2, epoch: 1, claimId: "c1", submitByMs: 9 },
      { type: "notSent", atMs: 3, cause: "429" },
    ];
    const id = intent.clientOrderId;
    const key = {
      partition: "orders#main#20260115",
      sort: `${id.split("_")[5]}#${id}#00000`,
    };
    await store.put({ ...key, document: sealedBySchema1(key, events) }, { type: "absent" });
    expect(await ledger.loadOrder(id)).toMatchObject({
      ok: true,
      value: {
        state: { name: "notSent" },
        quantity: intent.quantity,
        intent: { protection: null },
      },
    });
  });

  it("are refused when their own digest does not hold", async () => {
    const store = createTextItemStore();
    const key = { partition: "cell#main", sort: "cell" };
    const sealed = sealedBySchema1(key, cellOfSchema1);
    const document = { ...sealed, body: { ...cellOfSchema1, activeRegion: "us-west-2" } };
    const revision = { version: 1, epoch: 1 };
    await store.put({ ...key, document, revision }, { type: "absent" });
    expect(await createStoredLedger(store).loadCell("main")).toMatchObject({
      ok: false,
      error: { type: "LedgerCorrupt" },
    });
  });
});
