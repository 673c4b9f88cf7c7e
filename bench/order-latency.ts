import type { HttpClient } from "../shared/adapters/http/http-client.ts";
import type { Benchmark } from "./benchmark.ts";
import { openOrderAccount } from "./order-account.ts";
import { createOutsideTime } from "./outside-time.ts";
import { percentile } from "./percentile.ts";

const WARM_UP_ORDERS = 100;
const ORDERS = 500;

/**
 * One order: milliseconds from its message to the broker's acknowledgement, and what of it is ours.
 */
type OrderTime = { readonly totalMs: number; readonly ownMs: number };

/**
 * How long an order takes from its message to the broker's acknowledgement, the 99th percentile.
 */
export const orderLatency: Benchmark = {
  name: "order-latency",
  unit: "ms p99",
  goal: undefined,
  measure: async (report) => {
    const totals = (await timeOrders()).map(({ totalMs }) => totalMs);
    report(`p50 ${percentile(totals, 0.5).toFixed(2)} ms, with store and broker.`);
    return { ours: percentile(totals, 0.99) };
  },
};

/** The same without the time in which the store or the broker were being waited for. */
export const orderLatencyOwn: Benchmark = {
  name: "order-latency-own",
  unit: "ms p99",
  goal: { direction: "atMost", value: 5 },
  measure: async (report) => {
    const own = (await timeOrders()).map(({ ownMs }) => ownMs);
    report(`p50 ${percentile(own, 0.5).toFixed(2)} ms, without store and broker.`);
    return { ours: percentile(own, 0.99) };
  },
};

/** Executes orders one after another, the way of the local world, and times each. */
const timeOrders = async (): Promise<readonly OrderTime[]> => {
  const watch = createStopwatch();
  const account = await openOrderAccount({
    ledgerStore: watch.time,
    telemetryStore: watch.time,
    http: watch.timeHttp,
  });
  const times: OrderTime[] = [];
  try {
    for (let index = 0; index < WARM_UP_ORDERS + ORDERS; index++) {
      watch.start();
      await account.execute(index);
      const time = watch.read();
      if (index >= WARM_UP_ORDERS) times.push(time);
      await account.reset();
    }
  } finally {
    await account.close();
  }
  return times;
};

/** Measures up to the end of the POST, and how much of that was spent in calls that it times. */
const createStopwatch = () => {
  const outside = createOutsideTime();
  let startedAtMs = 0;
  let acknowledged: OrderTime | undefined;
  return {
    start: (): void => {
      outside.reset();
      [startedAtMs, acknowledged] = [performance.now(), undefined];
    },
    time: outside.wrap,
    timeHttp: (http: HttpClient): HttpClient => ({
      ...http,
      send: async (request) => {
        const outcome = await outside.around(() => http.send(request));
        if (request.method === "POST") {
          const totalMs = performance.now() - startedAtMs;
          acknowledged = { totalMs, ownMs: totalMs - outside.readMs() };
        }
        return outcome;
      },
    }),
    read: (): OrderTime => {
      if (acknowledged === undefined) throw new Error("No order was sent.");
      return acknowledged;
    },
  };
};
