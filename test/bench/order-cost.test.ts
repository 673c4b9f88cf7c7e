import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { AWS_PRICES } from "../../bench/aws-prices.ts";
import { costOf, requestsOf } from "../../bench/order-cost.ts";

describe("the cost of an order", () => {
  it("counts whole units: every item that was begun, and a read that found nothing", () => {
    const counts = { writes: [1, 1_024, 1_025], reads: [0, 4_097] };
    expect(requestsOf(counts, 1)).toEqual({ requests: 9, writeUnits: 4, readUnits: 3 });
  });

  it("grows by the price of what is added, in both Regions", () => {
    const order = { requests: 0, writeUnits: 1, readUnits: 1 };
    const more = costOf({ ...order, writeUnits: 2 }) - costOf(order);
    expect(more).toBeCloseTo(2 * AWS_PRICES.replicatedWriteUnit, 12);
  });

  it("rests on the prices that the documentation shows, and on their date", () => {
    const page = readFileSync(new URL("../../docs/costs.md", import.meta.url), "utf8");
    const shown = [
      (AWS_PRICES.replicatedWriteUnit * 1_000_000).toFixed(3),
      (AWS_PRICES.readUnit * 1_000_000).toFixed(3),
      (AWS_PRICES.fifoRequest * 1_000_000).toFixed(2),
      (AWS_PRICES.lambdaRequest * 1_000_000).toFixed(2),
      AWS_PRICES.lambdaGibSecond.toString(),
    ];
    for (const price of shown) expect(page).toContain(`| ${price} `);
    expect(page).toContain(`as of ${AWS_PRICES.asOf}`);
  });
});
