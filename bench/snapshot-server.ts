import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { snapshotsSample } from "../test/adapters/alpaca/wire-samples.ts";

/** A vendor that answers at once. */
export type SnapshotServer = { readonly url: string; readonly close: () => Promise<void> };

/**
 * Answers any list of symbols with snapshots in Alpaca's form, on loopback: text that is ready but
 * for its times, so that a measurement is not of a simulation.
 */
export const startSnapshotServer = async (nowMs: () => number): Promise<SnapshotServer> => {
  const { SPY } = snapshotsSample;
  const template = JSON.stringify({
    ...SPY,
    latestTrade: { ...SPY.latestTrade, t: "NOW" },
    latestQuote: { ...SPY.latestQuote, t: "NOW" },
  });
  const server = createServer((request, response) => {
    const now = new Date(nowMs()).toISOString();
    const snapshot = template.replaceAll("NOW", now);
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const symbols = (url.searchParams.get("symbols") ?? "").split(",");
    const body = `{${symbols.map((symbol) => `"${symbol}":${snapshot}`).join(",")}}`;
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
