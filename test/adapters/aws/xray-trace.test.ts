import { createSocket } from "node:dgram";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { createXRayTrace } from "../../../shared/adapters/aws/xray-trace.ts";
import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import type { TracedWork } from "../../../shared/ports/trace.ts";
import { traceOrders } from "../../../shared/use-cases/trace-orders.ts";
import { intentOf, NOW_MS } from "../../fixtures/orders.ts";

const ROOT = "1-5759e988-bd862e3fe1be46a994272793";
const PARENT = "53995c3f42cd8ad8";
const work: TracedWork = {
  name: "order",
  startedAtMs: 1_780_000_000_000,
  endedAtMs: 1_780_000_000_250,
  hasFailed: false,
  annotations: { clientOrderId: "hf_core_main_SPY_20260601_1000_buy_entry_0" },
};

const openDaemon = async () => {
  const daemon = createSocket("udp4");
  daemon.bind(0, "127.0.0.1");
  await once(daemon, "listening");
  return { daemon, address: `127.0.0.1:${daemon.address().port}` };
};

const sampled = (): string => `Root=${ROOT};Parent=${PARENT};Sampled=1`;

const withLineage = (): string => `${sampled()};Lineage=1:a:0`;

describe("a trace by X-Ray", () => {
  it("is a subsegment of the function's own segment, annotated with the order's id", async () => {
    const { daemon, address } = await openDaemon();
    const arrived = once(daemon, "message");
    createXRayTrace({ header: withLineage, daemonAddress: address }).add(work);
    const [bytes] = await arrived;
    const [preamble, document] = String(bytes).split("\n");
    expect(JSON.parse(preamble ?? "")).toEqual({ format: "json", version: 1 });
    expect(JSON.parse(document ?? "")).toEqual({
      trace_id: ROOT,
      parent_id: PARENT,
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      type: "subsegment",
      name: "order",
      start_time: 1_780_000_000,
      end_time: 1_780_000_000.25,
      annotations: work.annotations,
    });
    daemon.close();
  });

  it("sends nothing without a trace, a sample or a daemon, and throws nothing", async () => {
    const { daemon, address } = await openDaemon();
    const received: string[] = [];
    daemon.on("message", (bytes) => received.push(String(bytes)));
    for (const [header, daemonAddress] of [
      [undefined, address],
      [`Root=${ROOT};Parent=${PARENT};Sampled=0`, address],
      ["nonsense", address],
      [`Root=${ROOT};Parent=${PARENT};Sampled=1`, undefined],
      [`Root=${ROOT};Parent=${PARENT};Sampled=1`, "elsewhere"],
    ] as const) {
      createXRayTrace({ header: () => header, daemonAddress }).add(work);
    }
    const last = once(daemon, "message");
    createXRayTrace({ header: sampled, daemonAddress: address }).add({ ...work, hasFailed: true });
    await last;
    expect(received).toHaveLength(1);
    expect(received[0]).toContain('"fault":true');
    daemon.close();
  });

  it("holds each write to an order's history, and changes nothing about it", async () => {
    const added: TracedWork[] = [];
    const ledger = traceOrders(createStoredLedger(createMemoryItemStore()), {
      trace: { add: (one) => void added.push(one) },
      clock: { nowMs: () => NOW_MS },
    });
    const intent = intentOf();
    const recorded = { type: "intentRecorded", atMs: NOW_MS, intent, recordedBy: "a" } as const;
    const { clientOrderId } = intent;
    expect((await ledger.appendEvents(clientOrderId, 0, [recorded])).ok).toBe(true);
    const other = { ...recorded, recordedBy: "b" };
    expect((await ledger.appendEvents(clientOrderId, 0, [other])).ok).toBe(false);
    expect(added).toMatchObject([
      { hasFailed: false, annotations: { clientOrderId, events: "intentRecorded" } },
      { hasFailed: true, annotations: { clientOrderId } },
    ]);
  });
});
