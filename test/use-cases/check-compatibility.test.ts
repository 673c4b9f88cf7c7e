import { describe, expect, it } from "vitest";
import { API_VERSIONS } from "../../shared/domain/api-versions.ts";
import { usd } from "../../shared/domain/market/money.ts";
import { ok } from "../../shared/domain/result.ts";
import { createAssessHealth } from "../../shared/use-cases/assess-health.ts";
import { createCheckCompatibility } from "../../shared/use-cases/check-compatibility.ts";
import { createOpenCycle } from "../../shared/use-cases/open-cycle.ts";
import type { VendorFaultClass } from "../../shared/ports/vendor-fault.ts";
import {
  faultOf,
  openWorld,
  SESSION,
  TEN_MS,
  tradingCell,
  type CycleWorld,
} from "./cycle-world.ts";

const account = {
  equity: usd(100_000),
  lastEquity: usd(100_000),
  cash: usd(100_000),
  buyingPower: usd(100_000),
  isBlocked: false,
  canShort: false,
};

/** Vendors that answer, and count how often they were asked. */
const vendorsOf = (world: CycleWorld, failing?: VendorFaultClass) => {
  const asked = { count: 0, failing };
  const broker = {
    ...world.ports.broker,
    readAccount: async () => {
      asked.count += 1;
      return asked.failing === undefined
        ? ok(account)
        : { ok: false as const, error: faultOf(asked.failing) };
    },
    readClock: async () => ok({ atMs: world.nowMs(), isOpen: true, nextOpenMs: 0, nextCloseMs: 0 }),
  };
  return { asked, deps: { ...world.ports, broker, settings: world.settings } };
};

describe("the compatibility check", () => {
  it("is made once a session, and again only while it has not passed", async () => {
    const world = openWorld();
    const { asked, deps } = vendorsOf(world, "NETWORK");
    const check = createCheckCompatibility(deps);
    expect(await check(SESSION.date)).toEqual({ type: "undecided" });
    asked.failing = undefined;
    expect(await check(SESSION.date)).toEqual({ type: "compatible" });
    await check(SESSION.date);
    expect(asked.count).toBe(2);
  });

  it.each<[VendorFaultClass, string, string]>([
    ["AUTH_ERROR", "FAILED_CONFIG", "configuration"],
    // `daytrading_buying_power` went this way.
    ["SCHEMA_ERROR", "FAILED_API_SCHEMA", "schema"],
  ])("halts entries and needs a person after %s (defects 5, 11, 15)", async (failing, level) => {
    const world = openWorld();
    await world.save(tradingCell(world.settings, TEN_MS));
    const { asked, deps } = vendorsOf(world, failing);
    const openCycle = createOpenCycle(deps);
    const opened = await openCycle(world.nowMs());
    expect(opened.run).toBe(true);
    const state = async () => {
      const cell = await world.ledger.loadCell("main");
      return cell.ok ? cell.value?.tradingState : undefined;
    };
    expect(await state()).toMatchObject({ mode: "reducing", by: "check-compatibility" });
    const health = await createAssessHealth({
      telemetry: world.telemetry,
      clock: world.ports.clock,
    })();
    expect(health.level).toBe(level);
    // The vendor answers again: health recovers, and trading waits for people.
    asked.failing = undefined;
    world.advance(60_000);
    await openCycle(world.nowMs());
    expect(await state()).toMatchObject({ mode: "reducing", by: "check-compatibility" });
  });

  it.each<VendorFaultClass>(["NETWORK", "RATE_LIMIT", "UNKNOWN"])(
    "decides nothing after %s",
    async (failing) => {
      const world = openWorld();
      await world.save(tradingCell(world.settings, TEN_MS));
      const { deps } = vendorsOf(world, failing);
      await createOpenCycle(deps)(world.nowMs());
      const cell = await world.ledger.loadCell("main");
      expect(cell.ok && cell.value?.tradingState.mode).toBe("active");
    },
  );

  it("tells once that the versions of the APIs are others than those that passed last", async () => {
    const world = openWorld();
    const evidence = {
      component: "api-versions",
      atMs: world.nowMs() - 1,
      succeeded: true,
      detail: "Alpaca trading v1",
      latencyMs: null,
      dataAgeMs: null,
      fault: null,
    };
    await world.telemetry.recordEvidence(evidence);
    const { deps } = vendorsOf(world);
    await createCheckCompatibility(deps)(SESSION.date);
    await createCheckCompatibility(deps)(SESSION.date);
    const told = await world.telemetry.loadEvidence("broker", 10);
    expect(told.map(({ detail }) => detail)).toEqual([
      `The versions of the APIs changed from Alpaca trading v1 to ${API_VERSIONS}.`,
    ]);
  });
});
