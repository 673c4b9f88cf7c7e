import { describe, expect, it } from "vitest";
import { createOneDeliveryAtATime } from "../../../simulation/invariants/one-delivery-at-a-time.ts";
import type { QueueName } from "../../../simulation/observation.ts";
import { NOW_MS, REGION } from "../../fixtures/orders.ts";
import { createStage, judge, type Told } from "./stage.ts";

const of = (
  type: "messageDelivered" | "messageRemoved" | "messageReturned",
  seconds: number,
  queue: QueueName = "orders.fifo",
): Told => {
  const message = {
    region: REGION,
    queue,
    messageId: "m-1",
    body: "",
    atMs: NOW_MS + seconds * 1_000,
  };
  return type === "messageDelivered" ? { type, ...message, receiveCount: 1 } : { type, ...message };
};

const verdicts = (...told: readonly Told[]): number =>
  judge(createOneDeliveryAtATime(), createStage(), told).length;

const price = (seconds: number): Told => of("messageDelivered", seconds, "market-data");

describe("one delivery at a time", () => {
  it("holds where a message comes again after its time, or never did", () => {
    expect(verdicts(of("messageDelivered", 0), of("messageDelivered", 90))).toBe(0);
    const removed = of("messageRemoved", 1);
    expect(verdicts(of("messageDelivered", 0), removed, of("messageDelivered", 2))).toBe(0);
  });

  it("is broken by one that comes again while its function may be at work", () => {
    expect(verdicts(of("messageDelivered", 0), of("messageDelivered", 14))).toBe(1);
    expect(verdicts(of("messageDelivered", 0), of("messageDelivered", 60))).toBe(1);
  });

  it("holds where its function has returned it, once for each return", () => {
    const returned = [of("messageDelivered", 0), of("messageReturned", 1)] as const;
    expect(verdicts(...returned, of("messageDelivered", 3))).toBe(0);
    expect(verdicts(...returned, of("messageDelivered", 3), of("messageDelivered", 5))).toBe(1);
  });

  it("asks nothing of prices, which may come twice", () => {
    expect(verdicts(price(0), price(1))).toBe(0);
  });
});
