import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readDrill } from "../../../bin/drill/read-drill.ts";
import { failoverDrillText } from "../../../bin/reports/drill-failover.ts";
import { drillFailover } from "../../../local/drills/failover/drill-failover.ts";
import { isFailoverOk, type FailoverRow } from "../../../shared/domain/failover/failover-row.ts";
import { drillFailoverScenario } from "../../../local/drills/failover/drill-failover-scenario.ts";
import { FAILOVER_SCENARIOS } from "../../../local/drills/failover/failover-scenarios.ts";
import { createRegionGate } from "../../../local/drills/failover/region-gate.ts";
import { slowerSpeed } from "../../../local/drills/failover/slower-speed.ts";
import { createReplicas } from "../../../local/drills/failover/replicated-items.ts";
import { drillSettings } from "../../../local/drills/drill-settings.ts";
import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";
import { parseConfiguration } from "../../../shared/runtime/configuration.ts";

const KEY = { partition: "a", sort: "b" };
const NONE = { type: "none" } as const;

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) {
    rmSync(directory, { recursive: true, force: true });
  }
});

describe("the gate of a Region", () => {
  it("lets nothing through when the Region is gone, and only not the ledger when it is cut off", async () => {
    const gate = createRegionGate();
    const items = createMemoryItemStore();
    const [ledger, telemetry] = [gate.guardLedger(items), gate.guardTelemetry(items)];
    gate.set("cutOff");
    await expect(ledger.put({ ...KEY, document: 1 }, NONE)).rejects.toThrow(RetryableError);
    await telemetry.put({ ...KEY, document: 2 }, NONE);
    gate.set("gone");
    await expect(telemetry.get(KEY)).rejects.toThrow(RetryableError);
    gate.set("up");
    expect(await ledger.get(KEY)).toMatchObject({ document: 2 });
  });

  it("holds what a frozen Region does until it thaws, but sends no order that late", async () => {
    const gate = createRegionGate();
    const items = createMemoryItemStore();
    let sent = 0;
    const http = gate.guardHttp({
      send: async () => {
        sent += 1;
        return { type: "answer", status: 200, headers: {}, body: "" };
      },
      close: () => undefined,
    });
    gate.set("frozen");
    const put = gate.guardLedger(items).put({ ...KEY, document: 1 }, NONE);
    const order = http.send({ method: "POST", url: "/v2/orders", headers: {}, timeoutMs: 1 });
    expect(await items.get(KEY)).toBeUndefined();
    gate.set("up");
    await put;
    expect(await items.get(KEY)).toMatchObject({ document: 1 });
    expect(await order).toMatchObject({ type: "timeout" });
    expect(sent).toBe(0);
  });

  it("loses the answer to a takeover once, and takes the Region away behind an order", async () => {
    const gate = createRegionGate();
    const items = createMemoryItemStore();
    const ledger = gate.guardLedger(items);
    const revision = { version: 1, epoch: 1 };
    await ledger.put({ ...KEY, document: 1, revision }, NONE);
    gate.loseNextTakeover();
    const over = { ...KEY, document: 2, revision: { version: 2, epoch: 2 } };
    const write = ledger.put(over, { type: "revisionIs", revision });
    await expect(write).rejects.toThrow(RetryableError);
    expect(await ledger.get(KEY)).toMatchObject({ document: 2 });
    gate.goneAfterNextOrder();
    const http = gate.guardHttp({
      send: async () => ({ type: "answer", status: 200, headers: {}, body: "" }),
      close: () => undefined,
    });
    const request = { url: "http://broker/v2/orders", headers: {}, timeoutMs: 1 };
    expect(await http.send({ ...request, method: "GET" })).toMatchObject({ type: "answer" });
    expect(await http.send({ ...request, method: "POST" })).toMatchObject({ type: "reset" });
    expect(gate.state()).toBe("gone");
  });
});

describe("replicated items", () => {
  it("are in the other Region later, and lost where replication ends first", async () => {
    const due: (() => void)[] = [];
    const timers = {
      after: (_ms: number, act: () => void) => {
        due.push(act);
        return () => void due.splice(due.indexOf(act), 1);
      },
    };
    const [one, other] = [createMemoryItemStore(), createMemoryItemStore()];
    const replicas = createReplicas([one, other], { timers, lagMs: 1 });
    await replicas.stores[0].put({ ...KEY, document: 1 }, NONE);
    await replicas.stores[1].add({ ...KEY, sort: "c" }, { n: 2 }, 1_000);
    expect(await replicas.stores[1].get(KEY)).toBeUndefined();
    for (const act of due.splice(0)) act();
    expect(await replicas.stores[1].get(KEY)).toMatchObject({ document: 1 });
    expect(await replicas.stores[0].get({ ...KEY, sort: "c" })).toMatchObject({
      document: { n: 2 },
    });
    await replicas.stores[0].put({ ...KEY, document: 3 }, NONE);
    replicas.close();
    expect(due).toEqual([]);
  });
});

const settings = () => {
  const parsed = parseConfiguration("version: 1\nsymbols: [IBM]\n", {});
  if (!parsed.ok) throw new Error("The fixture's configuration is not valid.");
  return drillSettings(parsed.value);
};

const ROW: FailoverRow = {
  scenario: "zombie",
  from: "us-east-2",
  to: "us-west-2",
  speed: 20,
  ordersSent: 9,
  doubled: 0,
  unguarded: 0,
  lost: 0,
  unknownLeft: 0,
  secondsToFence: 90,
  secondsToActive: 120,
  alerts: ["takeover-main-2"],
  tradesAgain: true,
  ledgerEqualsBroker: true,
  isRestored: true,
  differences: [],
  ok: true,
};

const read = (scenario?: string, all?: boolean) =>
  readDrill({
    arguments: ["failover"],
    options: { scenario, all, seconds: "60", times: "1", seed: "1", config: "x" },
    isJson: true,
  });

describe("a failover drill", () => {
  it("hands the account over and back during trading: nothing doubled, unguarded or lost", async () => {
    const directory = mkdtempSync(join(tmpdir(), "holdfast-test-"));
    directories.push(directory);
    const planned = FAILOVER_SCENARIOS.find(({ name }) => name === "planned");
    if (planned === undefined) throw new Error("There is a planned one.");
    const stopped = new AbortController().signal;
    const options = { settings: settings(), directory, seed: 1, speed: 60, stopped };
    const rows = await drillFailoverScenario(planned, options);
    expect(rows.length).toBeGreaterThan(0);
    // How long it took depends on what else this machine does.
    for (const row of rows) {
      expect(row).toMatchObject({ doubled: 0, unguarded: 0, lost: 0, unknownLeft: 0 });
      expect(row.secondsToFence).not.toBeNull();
    }
  }, 120_000);

  it("that is stopped is not called good", async () => {
    const stopped = AbortSignal.abort();
    const options = { settings: settings(), seed: 1, speed: 60, stopped };
    expect(await drillFailover({ ...options, scenarios: FAILOVER_SCENARIOS })).toMatchObject({
      rows: [],
      ok: false,
    });
  });

  it("takes scenarios by their names, and no other words", () => {
    expect(read("zombie, planned").failovers.map(({ name }) => name)).toEqual([
      "planned",
      "zombie",
    ]);
    expect(read("zombie", true).failovers).toHaveLength(FAILOVER_SCENARIOS.length);
    expect(() => read("meteor")).toThrow("there is no scenario");
  });

  it("is run anew, slower, where the machine stood still, and never where harm was done", () => {
    const late = { ...ROW, secondsToActive: 674, ok: false };
    const run = { rows: [ROW, late], speed: 20, repeats: 0, stalledShare: 0.6 };
    expect(slowerSpeed(run)).toBe(10);
    expect(slowerSpeed({ ...run, speed: 5, repeats: 1 })).toBe(3);
    for (const harm of [{ doubled: 1 }, { unguarded: 1 }, { lost: 1 }]) {
      expect(slowerSpeed({ ...run, rows: [late, { ...late, ...harm }] })).toBeUndefined();
    }
    for (const enough of [{ repeats: 2 }, { speed: 1 }, { stalledShare: 0.4 }, { rows: [ROW] }]) {
      expect(slowerSpeed({ ...run, ...enough })).toBeUndefined();
    }
  });

  it("is good only in time, with its alarm, clean, and with nothing done wrong", () => {
    expect(isFailoverOk(ROW)).toBe(true);
    const spoilt: readonly Partial<FailoverRow>[] = [
      { doubled: 1 },
      { unguarded: 1 },
      { lost: 1 },
      { unknownLeft: 1 },
      { secondsToFence: 121 },
      { secondsToFence: null },
      { secondsToActive: 301 },
      { secondsToActive: null },
      { alerts: ["system-health-us-east-2"] },
      { tradesAgain: false },
      { ledgerEqualsBroker: false },
      { isRestored: false },
    ];
    for (const change of spoilt) expect(isFailoverOk({ ...ROW, ...change })).toBe(false);
  });

  it("is told line by line, with what differs and the verdict", () => {
    const row: FailoverRow = {
      ...ROW,
      secondsToActive: null,
      tradesAgain: false,
      ledgerEqualsBroker: false,
      isRestored: false,
      differences: ["SPY differs."],
      ok: false,
    };
    const totals = { failovers: 1, doubled: 0, unguarded: 0, lost: 0 };
    const times = { secondsToFence: 90, secondsToActive: null };
    const text = failoverDrillText(
      {
        what: "failover",
        mode: "sim",
        place: "local",
        startedAtMs: 1,
        endedAtMs: 2,
        seed: 1,
        speed: 20,
        repeated: ["zombie"],
        rows: [row],
        totals: { ...totals, ...times },
        isStopped: false,
        ok: false,
      },
      {
        write: () => undefined,
        writeError: () => undefined,
        isTerminal: false,
        environment: {},
        stopped: new AbortController().signal,
      },
    );
    expect(text).toContain("never");
    expect(text).toContain("zombie into us-west-2: SPY differs.");
    expect(text).toContain("zombie was run anew, slower");
    expect(text).toContain("The drill failed");
  });
});
