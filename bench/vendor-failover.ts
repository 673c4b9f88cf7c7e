import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { DATA_CALLS } from "../shared/adapters/calls/call-policy.ts";
import { type Calls, createCalls } from "../shared/adapters/calls/calls.ts";
import type { Source } from "../shared/adapters/calls/source.ts";
import { createHttpClient, type HttpClient } from "../shared/adapters/http/http-client.ts";
import { err, ok } from "../shared/domain/result.ts";
import type { Benchmark } from "./benchmark.ts";
import { hostDeps, ourBreakers } from "./breaker-contenders.ts";
import { percentile } from "./percentile.ts";

const HEALTHY_READS = 100;
const READS = 400;
const BODY = JSON.stringify({ bid: "100.01", ask: "100.03" });

/** How a primary vendor dies. */
type Death = "hangs" | "answers503" | "refuses";

/** A read's 99th percentile from the moment at which the primary hangs. */
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

/** Reads from two vendors over HTTP on this machine, of which the first one dies on the way. */
const measureFailover = async (
  death: Death,
  report: (note: string) => void,
): Promise<{ readonly ours: number }> => {
  const primary = await openVendor();
  const second = await openVendor();
  const http = createHttpClient(hostDeps);
  const calls = createCalls({ ...hostDeps, breakers: ourBreakers(), policy: DATA_CALLS });
  const sources = [sourceOf("a", primary.url, http), sourceOf("b", second.url, http)];
  try {
    await readMany(calls, sources, HEALTHY_READS);
    await primary.die(death);
    const times = await readMany(calls, sources, READS);
    report(
      `slowest ${Math.max(...times).toFixed(1)} ms, p50 ${percentile(times, 0.5).toFixed(1)}.`,
    );
    return { ours: percentile(times, 0.99) };
  } finally {
    http.close();
    await primary.close();
    await second.close();
  }
};

const readMany = async (
  calls: Calls,
  sources: readonly Source<string>[],
  count: number,
): Promise<readonly number[]> => {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const startedAtMs = performance.now();
    const read = await calls.read(sources);
    times.push(performance.now() - startedAtMs);
    if (!read.ok || read.value.value !== BODY) throw new Error("The second vendor is well.");
  }
  return times;
};

const sourceOf = (vendor: string, url: string, http: HttpClient): Source<string> => ({
  vendor,
  name: `${vendor}.snapshots`,
  ask: async ({ deadlineMs, signal }) => {
    const timeoutMs = deadlineMs - hostDeps.clock.monotonicMs();
    const outcome = await http.send({ method: "GET", url, headers: {}, timeoutMs, signal });
    if (outcome.type === "answer" && outcome.status === 200) return ok(outcome.body);
    return err({ type: "VendorFault", vendor, class: "NETWORK", detail: outcome.type });
  },
});

/** A vendor on this machine that lives until it is told how to die. */
const openVendor = async () => {
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
