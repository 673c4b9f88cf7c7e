import { describe, expect, it } from "vitest";
import { parseSessionDate } from "../../../shared/domain/market/session-date.ts";
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

  it("says the day after that every quote was stopped, where that is all that was counted", async () => {
    const world = openWorld();
    const friday = parseSessionDate("2013-10-04");
    if (friday === undefined) throw new Error("It is a date.");
    await world.telemetry.addToFunnel(friday, {
      passed: { polled: 3_900 },
      stopped: { "valid.stale": 3_900 },
    });
    const clock = { nowMs: world.nowMs, monotonicMs: world.nowMs };
    const { telemetry, settings } = world;
    const read = createReadFunnel({ telemetry, clock, settings });
    const past = await read("2013-10-04");
    if (!past.ok) throw new Error("It can be read.");
    const { bottleneck, sentences, expectation } = past.value;
    expect(bottleneck).toEqual({
      stage: "valid",
      arrived: 3_900,
      reasons: [{ reason: "stale", count: 3_900 }],
    });
    expect(sentences).toContain(
      "Of 3900 that came so far, none was a valid quote, because of 3900 stale.",
    );
    expect(sentences.join(" ")).not.toContain("Nothing is kept");
    expect(expectation.verdict).not.toBe("unknown");
  });
});
