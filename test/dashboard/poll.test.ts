import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pauseAfter, startPolling, type Polled } from "../../dashboard/source/poll.ts";
import { createVirtualHost } from "../local/world/virtual-host.ts";

const createPage = () => {
  const host = createVirtualHost();
  const failing = new Set<string>();
  let reads = 0;
  const reports: Polled[] = [];
  const stop = startPolling(
    ["api/orders", "api/health"],
    {
      read: async (path) => {
        reads += 1;
        if (failing.has(path)) throw new Error("the server answered 503");
        return { path, reads };
      },
      after: host.timers.after,
      nowMs: host.monotonicMs,
    },
    (polled) => reports.push(polled),
  );
  return { host, failing, stop, reads: () => reads, last: () => reports.at(-1) };
};

describe("the page's polling", () => {
  it("goes from connecting to live, and reads again by itself", async () => {
    const { host, last, reads } = createPage();
    expect(last()).toMatchObject({ connection: "connecting", heardAtMs: null });
    await host.pass(0);
    expect(last()).toMatchObject({ connection: "live" });
    await host.pass(10_000);
    expect(reads()).toBeGreaterThanOrEqual(12);
  });

  it("keeps the last body of what fails, says why, and never calls it live", async () => {
    const { host, failing, last } = createPage();
    await host.pass(0);
    failing.add("api/orders");
    await host.pass(30_000);
    expect(last()).toMatchObject({ connection: "partial" });
    expect(last()?.readings["api/orders"]).toMatchObject({
      body: { path: "api/orders" },
      failure: "the server answered 503",
    });
    expect(last()?.readings["api/health"]?.failure).toBeNull();
  });

  it("is lost only where nothing answers, and remembers when something did", async () => {
    const { host, failing, last } = createPage();
    await host.pass(0);
    const heardAtMs = last()?.heardAtMs;
    failing.add("api/orders").add("api/health");
    await host.pass(30_000);
    expect(last()).toMatchObject({ connection: "lost", heardAtMs });
  });

  it("recovers as soon as every address answers again", async () => {
    const { host, failing, last } = createPage();
    failing.add("api/health");
    await host.pass(60_000);
    failing.clear();
    await host.pass(15_000);
    expect(last()).toMatchObject({ connection: "live" });
  });

  it("reads nothing any more once it was stopped", async () => {
    const { host, stop, reads } = createPage();
    await host.pass(5_000);
    stop();
    const before = reads();
    await host.pass(60_000);
    expect(reads()).toBe(before);
  });

  it("never waits less after more failures, and never longer than 15 seconds", () => {
    fc.assert(
      fc.property(fc.nat(1_000), (failures) => {
        expect(pauseAfter(failures + 1)).toBeGreaterThanOrEqual(pauseAfter(failures));
        expect(pauseAfter(failures)).toBeLessThanOrEqual(15_000);
      }),
    );
  });
});
