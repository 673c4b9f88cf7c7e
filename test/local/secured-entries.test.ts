import { describe, expect, it } from "vitest";
import { createFunctions } from "../../local/functions.ts";
import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import { createStoredSignedPolicies } from "../../shared/adapters/stored/signed-policies.ts";
import { createLog } from "../../shared/runtime/log.ts";
import { noMetrics } from "../../shared/runtime/metrics.ts";
import { createKeepConfiguration } from "../../shared/use-cases/keep-configuration.ts";
import { SIMULATED_SEAL, SIMULATED_SIGNER } from "../../simulation/world/simulated-seal.ts";
import { queueEvent } from "../lambdas/events.ts";
import {
  bullishFlow,
  openWorld,
  snapshotOf,
  SPY,
  TEN_MS,
  tradingCell,
} from "../use-cases/cycle-world.ts";

/** A world whose strong signal would be an entry, on functions that send only what is signed. */
const openSecured = async ({ isSigned }: { readonly isSigned: boolean }) => {
  const world = openWorld();
  const { ports, settings, telemetry } = world;
  await world.save(tradingCell(settings, TEN_MS));
  world.answer.snapshots = [snapshotOf(SPY, TEN_MS)];
  await telemetry.recordFlow({ evidence: [bullishFlow(SPY, TEN_MS)], marketTide: undefined });
  const signing = {
    policies: createStoredSignedPolicies(createMemoryItemStore()),
    seal: SIMULATED_SEAL,
  };
  const keeper = { ...ports, ...signing, signer: SIMULATED_SIGNER, settings };
  if (isSigned) await createKeepConfiguration(keeper).adopt();
  const runtime = { log: createLog("error", () => undefined), metrics: noMetrics, ...ports };
  const functions = createFunctions({ ...ports, signing }, settings, runtime);
  await functions.pollMarketData({
    shard: 0,
    symbols: ["SPY"],
    cycleId: "cycle-1",
    slotMs: TEN_MS,
  });
  const event = queueEvent("market-data", await world.receive("marketData"));
  await functions.scoreSignals(event);
  return world;
};

describe("the way of entries outside AWS", () => {
  it("is open for what was signed, as in a deployment", async () => {
    const world = await openSecured({ isSigned: true });
    expect(await world.receive("orders")).toHaveLength(1);
  });

  it("is closed for what nobody signed, and health says so", async () => {
    const world = await openSecured({ isSigned: false });
    expect(await world.receive("orders")).toEqual([]);
    expect(await world.telemetry.loadEvidence("configuration", 1)).toMatchObject([
      { succeeded: false, fault: "configuration" },
    ]);
  });
});
