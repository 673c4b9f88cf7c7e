import { describe, expect, it } from "vitest";
import { followFailover, type stageOf } from "../../bin/reports/follow-failover.ts";

type Body = Parameters<typeof stageOf>[0];

const body = (change: Partial<Body> = {}): Body => ({
  mode: "paper",
  account: "main",
  region: "us-west-2",
  activeRegion: "us-west-2",
  epoch: 2,
  tradingState: {
    mode: "reducing",
    reason: "Taken over.",
    by: "takeover",
    atMs: 1,
    isFlattening: false,
    suspendAtBroker: false,
  },
  isTakeoverUnderWay: true,
  reconciliation: { state: "never" },
  inFlight: 3,
  orders: { open: 3, protecting: 0 },
  lease: null,
  ...change,
});

const state = (mode: "active" | "halted", reason: string) => ({
  ...body().tradingState!,
  mode,
  reason,
});

const follow = async (bodies: readonly (Body | undefined)[]) => {
  const lines: string[] = [];
  let look = 0;
  const followed = await followFailover(
    { from: "us-east-2", to: "us-west-2" },
    {
      read: async () => bodies[look],
      wait: async () => {
        look += 1;
        return look < bodies.length;
      },
      monotonicMs: () => look * 5_000,
      write: (line) => void lines.push(line),
    },
  );
  return { followed, stages: lines.map((line) => line.slice(8, 19).trim()), lines };
};

describe("following a failover", () => {
  it("says each stage once, with its seconds, until the new Region trades", async () => {
    const settling = body({ activeRegion: "us-east-2", epoch: 1, isTakeoverUnderWay: false });
    const { followed, stages, lines } = await follow([
      settling,
      settling,
      undefined,
      body(),
      body({ reconciliation: { state: "clean" } }),
      body({ isTakeoverUnderWay: false, tradingState: state("active", "Reconciled.") }),
    ]);
    expect(stages).toEqual(["settling", "reconciling", "reducing", "active"]);
    expect(lines[1]).toContain("3 orders are asked about");
    expect(followed).toMatchObject({ stage: "active", secondsToFence: 15, secondsToEnd: 25 });
  });

  it("ends where a person has stopped it before it was active", async () => {
    const halted = body({ isTakeoverUnderWay: false, tradingState: state("halted", "Not today.") });
    const { followed, lines } = await follow([body(), halted]);
    expect(followed).toMatchObject({ stage: "stopped", secondsToEnd: 5 });
    expect(lines.at(-1)).toContain("us-west-2 does not trade: Not today.");
  });

  it("knows nothing more than it heard when it is given up", async () => {
    expect((await follow([undefined])).followed).toMatchObject({ stage: null, body: null });
    expect((await follow([body()])).followed).toMatchObject({
      stage: "reconciling",
      secondsToEnd: null,
    });
  });
});
