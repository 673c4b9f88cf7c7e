import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHAOS_KINDS } from "../../../../local/replay/chaos/fault-kinds.ts";
import { parseFaults } from "../../../../local/replay/chaos/parse-faults.ts";
import { placeFaults, type ChaosFault } from "../../../../local/replay/chaos/place-faults.ts";
import { runChaosBacktest } from "../../../../local/replay/chaos/run-backtest.ts";
import { unpaced } from "../../../../local/replay/pace.ts";
import type { RecordedDays } from "../../../../local/recorded-days/recorded-day.ts";
import { readSmallRecording, replay, settings, writeSmallRecording } from "../small-recording.ts";

describe("a chaos backtest of a half day of three symbols", () => {
  let directory: string;
  let recorded: RecordedDays;
  beforeAll(() => {
    directory = writeSmallRecording({ symbols: 3, days: ["20231124"], lastMinute: 13 * 60 });
    recorded = readSmallRecording(directory);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const faultsOf = (text: string): readonly ChaosFault[] => {
    const parsed = parseFaults(text);
    if (!parsed.ok) throw new Error(parsed.error);
    const days = recorded.days.map(({ date }) => date);
    const placed = placeFaults(parsed.value, days);
    if (!placed.ok) throw new Error(placed.error);
    return placed.value;
  };

  const run = (text: string) =>
    runChaosBacktest({
      faults: faultsOf(text),
      replay: {
        recorded,
        settings,
        seed: 1,
        pace: unpaced,
        host: { nowMs: () => 0, monotonicMs: () => 0 },
        isStopped: () => false,
      },
    });

  it("lives the days without faults exactly as a plain replay does", async () => {
    const [plain, { without }] = [await replay(recorded), await run("vendor-outage@10:00+1m")];
    expect(without.result).toEqual(plain);
    const { startingEquity, endingEquity } = plain;
    const { realised, atTheMark } = without.history;
    expect(realised + atTheMark).toBe(endingEquity - startingEquity);
  });

  it("gives the same twice", async () => {
    const text = "function-kill@10:00+30m,broker-5xx@11:00+30m";
    expect(await run(text)).toEqual(await run(text));
  });

  it.each(CHAOS_KINDS.map(({ kind }) => kind))(
    "is struck by %s, doubles nothing and leaves nothing unguarded",
    async (kind) => {
      const text = `${kind}@09:45+90m`;
      const { with: struck, alone } = await run(text);
      expect(alone).toEqual([struck]);
      expect(struck.struck[text]).toBeGreaterThan(0);
      expect(struck.result).toMatchObject({
        duplicateOrders: 0,
        unguardedOrders: 0,
        differences: [],
        isStopped: false,
      });
    },
  );

  it("takes the account over by the lease that its Region no longer renews, and trades there", async () => {
    const { with: struck } = await run("region-loss@10:00:01");
    const lostAtMs = Date.UTC(2023, 10, 24, 15, 0, 1);
    expect(struck.failovers).toEqual([
      {
        from: "local",
        to: "standby",
        lostAtMs,
        fencedAtMs: expect.any(Number),
        tradingAtMs: expect.any(Number),
      },
    ]);
    const [failover] = struck.failovers;
    expect(failover!.fencedAtMs - lostAtMs).toBeGreaterThanOrEqual(75_000);
    expect(failover!.fencedAtMs - lostAtMs).toBeLessThanOrEqual(120_000);
    expect(failover!.tradingAtMs! - lostAtMs).toBeLessThanOrEqual(300_000);
    expect(struck.result.tradingState).toBe("active");
    expect(struck.history.minutesDegraded.none).toBe(1);
  });

  it("cannot trade while both Regions are lost, and is taken up when one is back", async () => {
    const { with: struck } = await run("region-loss@10:00+30m,region-loss@10:10+40m");
    expect(struck.failovers.map(({ from, to }) => `${from} ${to}`)).toEqual([
      "local standby",
      "standby local",
    ]);
    expect(struck.history.minutesDegraded.none).toBeGreaterThanOrEqual(20);
    expect(struck.result).toMatchObject({ duplicateOrders: 0, tradingState: "active" });
  });

  it("runs each of several faults alone too, so that its cost is its own", async () => {
    const {
      faults,
      with: both,
      alone,
    } = await run("vendor-outage@10:00+9m,broker-outage@11:00+9m");
    expect(faults).toHaveLength(2);
    expect(alone.map(({ struck }) => Object.keys(struck))).toEqual(
      faults.map(({ text }) => [text]),
    );
    expect(Object.keys(both.struck)).toEqual(faults.map(({ text }) => text));
  });
});
