import { beforeAll, describe, expect, it } from "vitest";
import { tellTimeline } from "../../../simulation/report/tell-timeline.ts";
import { runSeed } from "../../../simulation/run-seed.ts";
import type { SeedResult, Violation } from "../../../simulation/seed-run.ts";

describe("the timeline of a failure", () => {
  let result: SeedResult;
  beforeAll(async () => {
    result = await runSeed({ seed: 5, days: 0.08, mode: "safety", keepTimeline: true });
  });

  const violationOf = (clientOrderId?: string): Violation => ({
    invariant: "one-order-per-intent",
    atMs: result.timeline.at(-1)?.atMs ?? 0,
    detail: "It is there twice.",
    ...(clientOrderId === undefined ? {} : { clientOrderId }),
  });

  it("follows one order from its decision to the broker, and ends with what broke", () => {
    const request = result.timeline.findLast((each) => each.type === "brokerRequestArrived");
    const id = request?.type === "brokerRequestArrived" ? request.intent.clientOrderId : "";
    const lines = tellTimeline(result.timeline, violationOf(id));
    const text = lines.join("\n");
    expect(text).toContain(`history of ${id} from 0: `);
    expect(text).toContain(`${id} is claimed`);
    expect(text).toContain(`broker gets ${id}`);
    expect(lines.at(-1)).toContain("BROKEN one-order-per-intent: It is there twice.");
    const others = result.timeline.flatMap((each) =>
      each.type === "brokerRequestArrived" && each.intent.clientOrderId !== id
        ? [`broker gets ${each.intent.clientOrderId}`]
        : [],
    );
    expect(others.some((other) => text.includes(other))).toBe(false);
  });

  it("tells of the account's last minutes where no order is named, in a bounded number of lines", () => {
    const lines = tellTimeline(result.timeline, violationOf());
    expect(lines.length).toBeLessThanOrEqual(52);
    for (const line of lines.slice(1)) expect(line).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {2}\S/);
  });
});
