import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createHttpClient } from "../shared/adapters/http/http-client.ts";
import { err, ok } from "../shared/domain/result.ts";
import type { Benchmark } from "./benchmark.ts";
import { hostDeps } from "./breaker-contenders.ts";
import { type BenchVendor, openGateway, SYMBOLS, VENDORS } from "./open-gateway.ts";
import { percentile } from "./percentile.ts";

/** Lives that the first vendor has, each with polls before its death and after it. */
const ROUNDS = 200;
/** The first lives are those of code that is not compiled yet. */
const WARM_UP_ROUNDS = 10;
const HEALTHY_POLLS = 8;
const POLLS_MAX = 4;
const TIMEOUT_MS = 5_000;
const BODY = JSON.stringify({ bid: "100.01", ask: "100.03" });

/** How a primary vendor dies. */
type Death = "hangs" | "answers503" | "refuses";

/** The 99th percentile of polls that met it, where the vendor that is asked first hangs. */
export const failoverHang: Benchmark = {
  name: "vendor-failover-hang",
  unit: "ms p99",
  goal: { direction: "atMost", value: 100 },
  measure: (report) => measureFailover("hangs", report),
};

/** The same where it answers 503. */
export const failover503: Benchmark = {
  name: "vendor-failover-503",
  unit: "ms p99",
  goal: { direction: "atMost", value: 50 },
  measure: (report) => measureFailover("answers503", report),
};

/** The same where nobody listens any more. */
export const failoverRefused: Benchmark = {
  name: "vendor-failover-refused",
  unit: "ms p99",
  goal: { direction: "atMost", value: 50 },
  measure: (report) => measureFailover("refuses", report),
};

/**
 * Polls of the gateway over HTTP on this machine, of which the first vendor dies on the way: each
 * time with new breakers, so that what counts is the polls that met it, and none that spared it.
 */
const measureFailover = async (
  death: Death,
  report: (note: string) => void,
): Promise<{ readonly ours: number }> => {
  const times: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS; round++) await measureRound(death);
  for (let round = 0; round < ROUNDS; round++) times.push(...(await measureRound(death)));
  report(
    `slowest ${Math.max(...times).toFixed(1)} ms, p50 ${percentile(times, 0.5).toFixed(1)}, ` +
      `of ${times.length} polls that met it.`,
  );
  return { ours: percentile(times, 0.99) };
};

/** Milliseconds of the polls in which the dead vendor was asked, until it is spared. */
const measureRound = async (death: Death): Promise<readonly number[]> => {
  const all = await Promise.all(VENDORS.map(async (name) => [name, await openVendor()] as const));
  const vendors = new Map<BenchVendor, Vendor>(all);
  const http = createHttpClient(hostDeps);
  let asked: readonly BenchVendor[] = [];
  const gateway = openGateway(async (vendor, { deadlineMs = Infinity, signal }) => {
    asked = [...asked, vendor];
    const outcome = await http.send({
      method: "GET",
      url: vendors.get(vendor)?.url ?? "",
      headers: {},
      timeoutMs: Math.min(TIMEOUT_MS, deadlineMs - hostDeps.clock.monotonicMs()),
      ...(signal === undefined ? {} : { signal }),
    });
    if (outcome.type === "answer" && outcome.status === 200) return ok(outcome.body);
    return err({ type: "VendorFault", vendor, class: "NETWORK", detail: outcome.type });
  });
  const poll = async (): Promise<number> => {
    asked = [];
    const startedAtMs = performance.now();
    const polled = await gateway.fetchSnapshots(SYMBOLS);
    const tookMs = performance.now() - startedAtMs;
    // One vendor's word, where another is late, is no answer that anything can be entered on.
    const sources = polled.ok ? (polled.value.witnesses ?? []).length : 0;
    if (sources < SYMBOLS.length) throw new Error("Two vendors are well.");
    return tookMs;
  };
  try {
    for (let count = 0; count < HEALTHY_POLLS; count++) await poll();
    await vendors.get(VENDORS[0])?.die(death);
    const times: number[] = [];
    for (let count = 0; count < POLLS_MAX; count++) {
      const tookMs = await poll();
      if (asked.includes(VENDORS[0])) times.push(tookMs);
    }
    return times;
  } finally {
    http.close();
    for (const vendor of vendors.values()) await vendor.close();
  }
};

type Vendor = {
  readonly url: string;
  readonly die: (how: Death) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** A vendor on this machine that lives until it is told how to die. */
const openVendor = async (): Promise<Vendor> => {
  let death: Death | undefined;
  const server = createServer((_request, response) => {
    if (death === "hangs") return;
    response.writeHead(death === "answers503" ? 503 : 200);
    response.end(BODY);
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    die: async (how: Death): Promise<void> => {
      death = how;
      if (how === "refuses") await closeServer(server);
    },
    close: () => closeServer(server),
  };
};

const closeServer = async (server: Server): Promise<void> => {
  server.closeAllConnections();
  if (!server.listening) return;
  await new Promise((resolve) => server.close(resolve));
};
