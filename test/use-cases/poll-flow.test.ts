import { describe, expect, it } from "vitest";
import { createChaosFollower, lookFirst } from "../../shared/adapters/chaos/chaos-control.ts";
import { createChaosFlow } from "../../shared/adapters/chaos/chaos-vendors.ts";
import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import { createStoredChaosLog } from "../../shared/adapters/stored/chaos-log.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import { chaosWorldOf } from "../../shared/domain/chaos/chaos-mode.ts";
import { usd } from "../../shared/domain/market/money.ts";
import { ok } from "../../shared/domain/result.ts";
import type { FlowEvidence, MarketFlow, MarketTide } from "../../shared/domain/signals/flow.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import type { Flow, FlowGap } from "../../shared/ports/flow.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import { createPollFlow } from "../../shared/use-cases/poll-flow.ts";
import { createTextItemStore } from "../adapters/stored/text-item-store.ts";
import { bullishFlow, IBM, REGION, settingsWith, SPY, TEN_MS } from "./cycle-world.ts";

const MINUTE_MS = 60_000;

/** The flow as it is, or as the deployed one of a world that may be broken. */
const asItIs = (flow: Flow): Flow => flow;
const underChaos = (flow: Flow): Flow => {
  const world = chaosWorldOf("sim");
  if (!world.ok) throw new Error("The simulated world may be broken.");
  const log = createStoredChaosLog(createMemoryItemStore(), { region: REGION });
  const clock = { nowMs: () => TEN_MS, monotonicMs: () => TEN_MS };
  const chaos = createChaosFollower(world.value, log, clock);
  return lookFirst(createChaosFlow(flow, chaos), chaos);
};

/** The flow of a vendor that does not say what it could not read. */
const blind = ({ fetchEvidence }: Flow): Flow => ({ fetchEvidence });

/** What the vendor says. */
type Vendor = {
  evidence: readonly FlowEvidence[];
  marketTide: MarketTide | undefined;
  gaps: readonly FlowGap[];
};

const createPlace = (disturb: (flow: Flow) => Flow = asItIs) => {
  const time = { nowMs: TEN_MS };
  const clock = { nowMs: () => time.nowMs, monotonicMs: () => time.nowMs };
  const telemetry = createStoredTelemetry(createMemoryItemStore(), { region: REGION });
  const vendor: Vendor = { evidence: [], marketTide: undefined, gaps: [] };
  const environment = (kept: Telemetry = telemetry) =>
    createPollFlow({
      flow: disturb({
        fetchEvidence: async () => {
          const { evidence, marketTide } = vendor;
          return ok({ evidence, marketTide });
        },
        gaps: async () => vendor.gaps,
      }),
      telemetry: kept,
      clock,
      settings: settingsWith(),
    });
  return { time, telemetry, vendor, environment };
};

/** The one alert of the flow, with another premium at another time. */
const flowAt = (atMs: number, premiumUsd: number): FlowEvidence => {
  const flow = bullishFlow(SPY, atMs);
  const alerts = flow.flowAlerts!.alerts.map((alert) => ({
    ...alert,
    totalPremium: usd(premiumUsd),
    createdAtMs: atMs,
  }));
  return { ...flow, convictionHistory: undefined, flowAlerts: { alerts, observedAtMs: atMs } };
};

describe("polling flow", () => {
  it("keeps how sure each symbol's flow has been, also when an environment ends", async () => {
    const { time, telemetry, vendor, environment } = createPlace();
    let poll = environment();
    for (let minute = 0; minute < 4; minute++) {
      time.nowMs = TEN_MS + minute * MINUTE_MS;
      vendor.evidence = [flowAt(time.nowMs, 500_000 * (minute + 1))];
      if (minute === 2) poll = environment();
      await poll([SPY]);
    }
    const { evidence } = await telemetry.loadFlow([SPY]);
    const points = evidence[0]?.convictionHistory?.points ?? [];
    expect(points.map(({ atMs }) => (atMs - TEN_MS) / MINUTE_MS)).toEqual([0, 1, 2, 3]);
    const convictions = points.map(({ conviction }) => conviction);
    expect(convictions).toEqual(convictions.toSorted((left, right) => left - right));
  });

  it("writes the market's tide alone where nothing else is new, and that it is not known", async () => {
    const { time, telemetry, vendor, environment } = createPlace();
    const recorded: MarketFlow[] = [];
    const poll = environment({
      ...telemetry,
      recordFlow: async (flow) => {
        recorded.push(flow);
        await telemetry.recordFlow(flow);
      },
    });
    const tide = { netCallPremium: usd(3), netPutPremium: usd(-1), observedAtMs: TEN_MS };
    const tides = [tide, tide, { ...tide, netCallPremium: usd(4) }, undefined, undefined];
    vendor.evidence = [flowAt(TEN_MS, 500_000)];
    for (const marketTide of tides) {
      time.nowMs += MINUTE_MS;
      vendor.marketTide = marketTide;
      await poll([SPY]);
      expect((await telemetry.loadFlow([SPY])).marketTide).toEqual(marketTide);
    }
    const [first, ...later] = recorded;
    expect(first).toMatchObject({ evidence: [{ symbol: SPY }], marketTide: tide });
    expect(later).toEqual([
      { evidence: [], marketTide: tides[2] },
      { evidence: [], marketTide: undefined },
    ]);
  });

  it("goes on from what another environment wrote, five minutes later at most", async () => {
    const { time, telemetry, vendor, environment } = createPlace();
    const poll = environment();
    vendor.evidence = [flowAt(TEN_MS, 500_000)];
    await poll([SPY]);
    // The other one began later, and had the alerts of a minute that this one never saw.
    time.nowMs += MINUTE_MS;
    vendor.evidence = [flowAt(time.nowMs, 900_000)];
    await environment()([SPY]);
    // A vendor's list may lose its newest alert again: then all is as this one wrote it before.
    for (let minute = 0; minute < 5; minute++) {
      time.nowMs += MINUTE_MS;
      vendor.evidence = [flowAt(TEN_MS, 500_000)];
      await poll([SPY]);
    }
    const [stored] = (await telemetry.loadFlow([SPY])).evidence;
    expect(stored?.flowAlerts?.observedAtMs).toBe(TEN_MS);
    // What the other one added to the history is in it.
    const points = stored?.convictionHistory?.points ?? [];
    expect(points.map(({ atMs }) => atMs - TEN_MS)).toEqual([0, MINUTE_MS]);
  });

  it.each([[`flow#${REGION}#SPY`], [`tide#${REGION}`]])(
    "writes what broke in the store again, though nothing is new: %s",
    async (partition) => {
      const { time, vendor, environment } = createPlace();
      const store = createTextItemStore();
      const telemetry = createStoredTelemetry(store, { region: REGION });
      const poll = environment(telemetry);
      vendor.evidence = [flowAt(TEN_MS, 500_000)];
      vendor.marketTide = { netCallPremium: usd(3), netPutPremium: usd(1), observedAtMs: TEN_MS };
      await poll([SPY]);
      const whole = await telemetry.loadFlow([SPY]);
      await store.damage({ partition, sort: "latest" }, (item) => ({ ...item, document: [] }));
      expect(await telemetry.loadFlow([SPY])).not.toEqual(whole);
      for (let minute = 0; minute < 5; minute++) {
        time.nowMs += MINUTE_MS;
        await poll([SPY]);
      }
      expect(await telemetry.loadFlow([SPY])).toEqual(whole);
    },
  );

  it("says that the tide that was stored could not be read, and that it is over", async () => {
    const { time, vendor, environment } = createPlace();
    const store = createTextItemStore();
    const telemetry = createStoredTelemetry(store, { region: REGION });
    vendor.evidence = [flowAt(TEN_MS, 500_000)];
    await environment(telemetry)([SPY]);
    await store.damage({ partition: `tide#${REGION}`, sort: "latest" }, (item) => ({
      ...item,
      document: [],
    }));
    const poll = environment(telemetry);
    const told = [];
    for (let minute = 0; minute < 2; minute++) {
      time.nowMs += MINUTE_MS;
      await poll([SPY]);
      told.push(...(await telemetry.loadEvidence("flow-endpoints", 1)));
    }
    expect(told).toMatchObject([
      {
        succeeded: false,
        fault: null,
        detail: "market-tide: What was stored of it could not be read.",
      },
      { succeeded: true },
    ]);
  });

  it("keeps what is new although the store cannot be looked at again", async () => {
    const { time, telemetry, vendor, environment } = createPlace();
    let isDown = false;
    const poll = environment({
      ...telemetry,
      loadFlow: async (symbols) => {
        if (isDown) throw new RetryableError("The store does not answer.");
        return telemetry.loadFlow(symbols);
      },
    });
    vendor.evidence = [flowAt(TEN_MS, 500_000)];
    await poll([SPY]);
    isDown = true;
    time.nowMs += 10 * MINUTE_MS;
    vendor.evidence = [flowAt(time.nowMs, 700_000)];
    await poll([SPY]);
    const [stored] = (await telemetry.loadFlow([SPY])).evidence;
    expect(stored?.flowAlerts?.observedAtMs).toBe(time.nowMs);
  });

  it("writes a tide again that could not be stored", async () => {
    const { telemetry, vendor, environment } = createPlace();
    let isDown = true;
    const poll = environment({
      ...telemetry,
      recordFlow: async (flow) => {
        if (isDown) throw new RetryableError("The store does not answer.");
        await telemetry.recordFlow(flow);
      },
    });
    vendor.marketTide = { netCallPremium: usd(3), netPutPremium: usd(1), observedAtMs: TEN_MS };
    await expect(poll([SPY])).rejects.toThrow(RetryableError);
    isDown = false;
    await poll([SPY]);
    expect((await telemetry.loadFlow([SPY])).marketTide).toEqual(vendor.marketTide);
  });

  it.each([
    ["as it is", asItIs],
    ["under chaos", underChaos],
  ])("tells of an endpoint that changed its contract, and once of its end, %s", async (_, way) => {
    const { time, telemetry, vendor, environment } = createPlace(way);
    const poll = environment();
    const told = () => telemetry.loadEvidence("flow-endpoints", 9);
    await poll([SPY]);
    // What an environment before this one may have met is over.
    expect(await told()).toMatchObject([{ succeeded: true }]);
    const detail = "SCHEMA_ERROR: data.0.iv_rank_1y: expected 0 to 1";
    time.nowMs += 1_000;
    vendor.gaps = [{ endpoint: "iv-rank", symbol: SPY, class: "SCHEMA_ERROR", detail }];
    await poll([SPY]);
    expect((await told())[0]).toMatchObject({
      succeeded: false,
      fault: "schema",
      detail: `iv-rank SPY: ${detail}`,
    });
    vendor.gaps = [];
    for (let minute = 0; minute < 3; minute++) {
      time.nowMs += MINUTE_MS;
      await poll([SPY]);
    }
    expect((await told()).map(({ succeeded }) => succeeded)).toEqual([true, false, true]);
  });

  it("says nothing of endpoints whose gaps it cannot see", async () => {
    const { telemetry, environment } = createPlace(blind);
    await environment()([SPY]);
    expect(await telemetry.loadEvidence("flow-endpoints", 9)).toEqual([]);
    expect(await telemetry.loadEvidence("flow", 9)).toHaveLength(1);
  });

  it.each([
    ["as it is", asItIs],
    ["of a vendor without gaps", blind],
  ])(
    "keeps the flow of all but the symbol of whose flow nothing can be made, %s",
    async (_, way) => {
      const { time, telemetry, vendor, environment } = createPlace(way);
      const poll = environment();
      const whole = bullishFlow(SPY, TEN_MS);
      const [alert] = bullishFlow(IBM, TEN_MS).flowAlerts?.alerts ?? [];
      if (alert === undefined) throw new Error("There is an alert.");
      // One side's premium is money; both sides are more than an amount can be.
      const premium = usd(4_600_000_000);
      const huge = { ...alert, askSidePremium: premium, bidSidePremium: premium };
      const observedAtMs = TEN_MS - MINUTE_MS;
      const broken = { symbol: IBM, daily: {}, flowAlerts: { observedAtMs, alerts: [huge] } };
      vendor.evidence = [broken, whole];
      expect(await poll([IBM, SPY])).toEqual({ symbols: 2, withFlow: 2 });
      expect((await telemetry.loadFlow([IBM, SPY])).evidence.map(({ symbol }) => symbol)).toEqual([
        SPY,
      ]);
      const told = () => telemetry.loadEvidence("flow-endpoints", 9);
      expect(await told()).toMatchObject([{ succeeded: false, fault: "schema" }]);
      expect((await told())[0]?.detail).toContain("flow-alerts IBM: Nothing can be made of it.");
      time.nowMs += MINUTE_MS;
      vendor.evidence = [bullishFlow(IBM, TEN_MS), whole];
      await poll([IBM, SPY]);
      expect((await telemetry.loadFlow([IBM, SPY])).evidence).toHaveLength(2);
      expect((await told()).map(({ succeeded }) => succeeded)).toEqual([true, false]);
    },
  );
});
