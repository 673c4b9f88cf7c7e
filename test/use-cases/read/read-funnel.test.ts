import { describe, expect, it } from "vitest";
import { createReadFunnel } from "../../../shared/use-cases/read/read-funnel.ts";
import { openWorld } from "../cycle-world.ts";

describe("a session's funnel", () => {
  it("says of a session that nothing is kept of nothing else, least of all that it was usual", async () => {
    const world = openWorld();
    const atMs = world.nowMs();
    await world.telemetry.recordCycle({
      cycleId: "cycle",
      slotMs: atMs,
      closedAtMs: atMs,
      outcome: "completed",
      reason: "10 of 10 quotes were valid.",
      dataMode: "full",
    });
    const clock = { nowMs: world.nowMs, monotonicMs: world.nowMs };
    const { telemetry, settings } = world;
    const read = createReadFunnel({ telemetry, clock, settings });
    const [past, today] = [await read("2010-01-04"), await read(undefined)];
    if (!past.ok || !today.ok) throw new Error("Both can be read.");
    expect(past.value).toMatchObject({ bottleneck: null, expectation: { verdict: "unknown" } });
    expect(past.value.sentences).toEqual([
      "Nothing is kept of this session: it was not traded here, or is older than 14 days.",
    ]);
    expect(today.value.sentences).toContain(
      "Nothing was polled. The last cycle says: 10 of 10 quotes were valid.",
    );
  });
});
