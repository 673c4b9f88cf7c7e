import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { err } from "../../shared/domain/result.ts";
import { createOpenCycle } from "../../shared/use-cases/open-cycle.ts";
import {
  faultOf,
  openWorld,
  SESSION,
  TEN_MS,
  tradingCell,
  type CycleWorld,
} from "./cycle-world.ts";

const open = (world: CycleWorld, slotMs = world.nowMs()) =>
  world.functions.openCycle({ slot: new Date(slotMs).toISOString() });

describe("opening a cycle", () => {
  it("never runs outside the session, whatever else is well (defect 13)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -3_000, max: 3_000 }), async (minutes) => {
        const world = openWorld();
        await world.save(tradingCell(world.settings, TEN_MS));
        world.advance(minutes * 60_000);
        const nowMs = world.nowMs();
        const opened = await open(world);
        const isMonday = nowMs >= SESSION.opensAtMs && nowMs < SESSION.closesAtMs;
        const nextDay = 24 * 60 * 60_000;
        const isNeighbour = [-3, 1, 2].some(
          (days) =>
            nowMs >= SESSION.opensAtMs + days * nextDay &&
            nowMs < SESSION.closesAtMs + days * nextDay,
        );
        expect(opened.run).toBe(isMonday || isNeighbour);
      }),
      { numRuns: 60 },
    );
  });

  it("opens the account when there is none, and names the cycle by its slot alone", async () => {
    const world = openWorld();
    const first = await open(world, TEN_MS + 10_000);
    const second = await open(world, TEN_MS + 50_000);
    expect(first.run).toBe(true);
    expect(first.cycleId).toBe("cycle-2013-10-07T14:00Z");
    expect(second).toEqual(first);
    expect(first.shards).toEqual([
      { shard: 0, symbols: ["SPY", "IBM"], cycleId: first.cycleId, slotMs: TEN_MS },
    ]);
    const cell = await world.ledger.loadCell("main");
    expect(cell.ok && cell.value?.version).toBe(1);
  });

  it("waits, and says for whom, where another Region is the one that opens the account", async () => {
    const world = openWorld();
    const openIn = (opensIn: string) =>
      createOpenCycle({ ...world.ports, settings: world.settings, opensIn })(world.nowMs());
    const waiting = await openIn("us-west-2");
    expect(waiting.run).toBe(false);
    expect(waiting.reason).toBe(
      `The account is not open yet: us-west-2 opens it, this is ${world.settings.region}.`,
    );
    expect(await world.ledger.loadCell("main")).toEqual({ ok: true, value: undefined });
    expect((await openIn(world.settings.region)).run).toBe(true);
    // Once it is open, who may open it means nothing any more.
    world.advance(60_000);
    expect((await openIn("us-west-2")).run).toBe(true);
  });

  it("cuts symbols into shards and loses none (defect 12)", async () => {
    const world = openWorld({ shardSize: 1 });
    const opened = await open(world);
    expect(opened.shards.map(({ shard, symbols }) => [shard, symbols])).toEqual([
      [0, ["SPY"]],
      [1, ["IBM"]],
    ]);
  });

  it.each(["NETWORK", "RATE_LIMIT", "UNKNOWN"] as const)(
    "decides exits alone while the broker's clock is unknown (%s)",
    async (fault) => {
      const world = openWorld({ shardSize: 1 });
      await world.save(tradingCell(world.settings, TEN_MS));
      world.answer.clock = faultOf(fault);
      const opened = await open(world);
      expect(opened).toMatchObject({ run: true, reason: expect.stringContaining("exits alone") });
      expect(opened.shards.map(({ exitsOnly }) => exitsOnly)).toEqual([true, true]);
      const [evidence] = await world.telemetry.loadEvidence("broker", 1);
      expect(evidence).toMatchObject({ succeeded: false, fault: null });
      world.answer.clock = "rules";
      world.advance(60_000);
      expect((await open(world)).shards[0]).not.toHaveProperty("exitsOnly");
    },
  );

  it("asks a broker that keeps us waiting for its clock alone: exits wait for no check", async () => {
    const world = openWorld();
    await world.save(tradingCell(world.settings, TEN_MS));
    world.answer.clock = faultOf("NETWORK");
    const slow = async () => {
      world.advance(5_000);
      return err(faultOf("NETWORK"));
    };
    const { ports, settings } = world;
    const broker = { ...ports.broker, readAccount: slow, readClock: slow, listPositions: slow };
    const opened = await createOpenCycle({ ...ports, broker, settings })(TEN_MS);
    expect(opened.shards.map(({ exitsOnly }) => exitsOnly)).toEqual([true]);
    expect(world.nowMs()).toBe(TEN_MS);
  });

  it("does not run while the broker knows us no more, and says why", async () => {
    const world = openWorld();
    world.answer.clock = faultOf("AUTH_ERROR");
    const opened = await open(world);
    expect(opened).toMatchObject({ run: false, shards: [] });
    expect(opened.reason).toContain("clock is unknown");
    const [evidence] = await world.telemetry.loadEvidence("broker", 1);
    expect(evidence).toMatchObject({ succeeded: false, fault: "configuration" });
  });

  it("does not run while trading is halted, in another Region, or a slot too late", async () => {
    const world = openWorld();
    const cell = tradingCell(world.settings, TEN_MS);
    await world.save({ ...cell, tradingState: { ...cell.tradingState, mode: "halted" } });
    expect((await open(world)).reason).toMatch(/^Trading is halted/);
    await world.save({ ...cell, activeRegion: "us-west-2" });
    expect((await open(world)).reason).toBe("us-west-2 trades, this is us-east-2.");
    await world.save(cell);
    const [passive, halted] = await world.telemetry.loadEvidence("rest", 9);
    expect(new Set([passive?.succeeded, halted?.succeeded])).toEqual(new Set([false, true]));
    expect(await world.telemetry.loadEvidence("trading-cycle", 9)).toEqual([]);
    expect((await open(world, TEN_MS - 180_000)).reason).toContain("too late");
    expect((await open(world)).run).toBe(true);
  });

  it("puts stored limits back that are not what their digest names, and stops entries", async () => {
    for (const entriesPerDay of [1, 9_999]) {
      const world = openWorld();
      const cell = tradingCell(world.settings, TEN_MS);
      await world.save({ ...cell, limits: { ...cell.limits, maxEntriesPerDay: entriesPerDay } });
      expect((await open(world)).run).toBe(true);
      const loaded = await world.ledger.loadCell("main");
      const now = loaded.ok ? loaded.value : undefined;
      expect(now?.limits).toEqual(world.settings.limits);
      expect(now?.tradingState).toMatchObject({ mode: "reducing", by: "open-cycle" });
      expect(now?.tradingState.reason).toContain(
        `maxEntriesPerDay is ${entriesPerDay} and not 200`,
      );
    }
  });

  it("does not run a slot again whose cycle is over", async () => {
    const world = openWorld();
    const opened = await open(world);
    const polls = [{ shard: 0, polled: 2, valid: 2 }];
    await world.functions.closeCycle({ ...opened, polls, flow: { withFlow: 1 } });
    expect((await open(world)).run).toBe(false);
  });

  it("hands changed limits to the account, once", async () => {
    const world = openWorld({ limitsDigest: "changed" });
    const old = { ...world.settings, limitsDigest: "old" };
    await world.save(tradingCell(old, TEN_MS));
    await open(world);
    await open(world);
    const cell = await world.ledger.loadCell("main");
    expect(cell.ok && cell.value).toMatchObject({ limitsDigest: "changed", version: 2 });
  });

  it("refuses an event without a slot by the field's name", async () => {
    const world = openWorld();
    await expect(world.functions.openCycle({ slot: "secret" })).rejects.toThrow(
      "The event of open-cycle is not valid; look at: slot.",
    );
    expect(JSON.stringify(world.logs)).not.toContain("secret");
  });
});
