import { AWS_PRICES, READ_UNIT_BYTES, WRITE_UNIT_BYTES } from "./aws-prices.ts";
import type { Benchmark } from "./benchmark.ts";
import { countItems, type ItemCounts } from "./count-items.ts";
import { openOrderAccount } from "./order-account.ts";

const ORDERS = 20;
/** What AWS replicates to: two Regions; the witness of the ledger keeps no replica. */
const REPLICAS = 2;
/** Sent, received and removed, each in a batch of its own: the dearest way. */
const FIFO_REQUESTS_PER_ORDER = 3;
/** What execute-orders is given and, mostly waiting for the broker, takes for one order. */
const LAMBDA_GIB = 1;
const LAMBDA_SECONDS = 0.3;

/** Requests and their units that one order needs, on average. */
export type OrderRequests = {
  readonly requests: number;
  readonly writeUnits: number;
  readonly readUnits: number;
};

/** USD at list prices for 1,000 orders, each from its message to its recorded acknowledgement. */
export const orderCost: Benchmark = {
  name: "order-cost",
  unit: "USD/1000",
  goal: undefined,
  measure: async (report) => {
    const counts: ItemCounts = { writes: [], reads: [] };
    const account = await openOrderAccount({
      ledgerStore: (store) => countItems(store, counts),
      telemetryStore: (store) => countItems(store, counts),
    });
    try {
      for (let index = 0; index < ORDERS; index++) {
        await account.execute(index);
        await account.reset();
      }
    } finally {
      await account.close();
    }
    const order = requestsOf(counts, ORDERS);
    report(
      `${order.requests * 1_000} requests: ${order.writeUnits * 1_000} write units in each of ` +
        `${REPLICAS} Regions, ${order.readUnits * 1_000} read units, prices as of ${AWS_PRICES.asOf}.`,
    );
    return { ours: costOf(order) * 1_000 };
  },
};

/** Averages over orders; every item costs whole units. */
export const requestsOf = (counts: ItemCounts, orders: number): OrderRequests => {
  const units = (sizes: readonly number[], unitBytes: number): number =>
    sizes.reduce((sum, bytes) => sum + Math.max(1, Math.ceil(bytes / unitBytes)), 0) / orders;
  const stored = (counts.writes.length + counts.reads.length) / orders;
  return {
    // With the invocation itself.
    requests: stored + FIFO_REQUESTS_PER_ORDER + 1,
    writeUnits: units(counts.writes, WRITE_UNIT_BYTES),
    readUnits: units(counts.reads, READ_UNIT_BYTES),
  };
};

/** USD that one order costs. */
export const costOf = ({ writeUnits, readUnits }: OrderRequests): number =>
  writeUnits * REPLICAS * AWS_PRICES.replicatedWriteUnit +
  readUnits * AWS_PRICES.readUnit +
  FIFO_REQUESTS_PER_ORDER * AWS_PRICES.fifoRequest +
  AWS_PRICES.lambdaRequest +
  LAMBDA_GIB * LAMBDA_SECONDS * AWS_PRICES.lambdaGibSecond;
