import { describe, expect, it } from "vitest";
import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { createStoredTelemetry } from "../../../shared/adapters/stored/telemetry.ts";
import type { Alert } from "../../../shared/ports/alerts.ts";
import { endAlerts } from "../../../shared/use-cases/healing/end-alerts.ts";
import { keepAlerts } from "../../../shared/use-cases/keep-alerts.ts";
import { REGION, settingsWith, TEN_MS } from "../cycle-world.ts";

const MINUTE_MS = 60_000;

/** People who were told, and when their incidents are looked at again. */
const openIncidents = () => {
  const telemetry = createStoredTelemetry(createMemoryItemStore(), { region: REGION });
  const told: Alert[] = [];
  let nowMs = TEN_MS;
  const alerts = keepAlerts({
    alerts: { publish: async (alert) => void told.push(alert) },
    telemetry,
    clock: { nowMs: () => nowMs },
  });
  const raise = (key: string, severity: Alert["severity"] = "error") =>
    alerts.publish({
      key,
      severity,
      action: "trigger",
      summary: "It is so.",
      component: "x",
      mode: "sim",
      atMs: nowMs,
      runbook: "x",
    });
  const lookAfter = async (
    minutes: number,
    settings = settingsWith(),
    held: readonly string[] | null = [],
  ) => {
    nowMs += minutes * MINUTE_MS;
    const cell = { type: "whole", unknownSinceMs: null, held } as const;
    await endAlerts({ alerts, telemetry, settings }, { cell, deadLetters: 0, nowMs });
    return told.filter(({ action }) => action === "resolve").map(({ key }) => key);
  };
  return { raise, lookAfter, telemetry };
};

describe("incidents whose end nobody tells", () => {
  it("end with a gap in the tape that is closed, but not where lines were damaged", async () => {
    const { raise, lookAfter } = openIncidents();
    await raise(`ticks-recovered-${REGION}`, "info");
    expect(await lookAfter(14)).toEqual([]);
    expect(await lookAfter(1)).toEqual([`ticks-recovered-${REGION}`]);
    await raise(`ticks-recovered-${REGION}`, "error");
    expect(await lookAfter(600)).toHaveLength(1);
  });

  it("end when no record was missed for an hour", async () => {
    const { raise, lookAfter } = openIncidents();
    const { account } = settingsWith();
    await raise(`audit-missed-${account}-halt`);
    expect(await lookAfter(59)).toEqual([]);
    expect(await lookAfter(1)).toEqual([`audit-missed-${account}-halt`]);
  });

  it.each(["exit-refused", "exit-ended"])(
    "end with an %s once nothing is held, whichever Region closed it",
    async (incident) => {
      const { raise, lookAfter } = openIncidents();
      const settings = settingsWith();
      const key = `${incident}-${settings.account}-IBM`;
      await raise(key, "critical");
      expect(await lookAfter(5, settings, ["IBM", "SPY"])).toEqual([]);
      expect(await lookAfter(5, settings, null)).toEqual([]);
      expect(await lookAfter(5, settings, ["SPY"])).toEqual([key]);
      await raise(key, "critical");
      expect(await lookAfter(0, settings, ["SPY"])).toHaveLength(1);
    },
  );

  it("end with a trial about which people decided anew, or which they cleared", async () => {
    const { raise, lookAfter, telemetry } = openIncidents();
    const { flags } = settingsWith();
    const withPercent = (percent: number) =>
      settingsWith({ flags: { ...flags, hedgedReads: { percent, rollBack: true } } });
    const rollback = { flag: "hedgedReads", percent: 20, reason: "Worse.", atMs: TEN_MS } as const;
    await telemetry.recordRollbacks([rollback]);
    await raise("flag-hedgedReads-20", "warning");
    expect(await lookAfter(60, withPercent(20))).toEqual([]);
    expect(await lookAfter(1, withPercent(50))).toEqual(["flag-hedgedReads-20"]);
    await raise("flag-hedgedReads-20", "warning");
    await telemetry.recordRollbacks([]);
    expect(await lookAfter(1, withPercent(20))).toHaveLength(2);
  });
});
