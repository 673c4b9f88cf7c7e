import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import type { QuietHours } from "../../shared/domain/alerts/quiet-hours.ts";
import type { Alert } from "../../shared/ports/alerts.ts";
import { keepAlerts, resolveAlerts, tellAgain } from "../../shared/use-cases/keep-alerts.ts";
import { TEN_MS } from "./cycle-world.ts";

const HOUR_MS = 3_600_000;

const alertOf = (change: Partial<Alert> = {}): Alert => ({
  key: "ledger-broker-differ-main-quantity",
  action: "trigger",
  severity: "critical",
  summary: "Ledger and broker differ.",
  component: "reconcile-orders",
  mode: "paper",
  atMs: TEN_MS,
  runbook: "ledger-broker-differ",
  ...change,
});

const unlessDown = async <Value>(isDown: boolean, work: () => Promise<Value>): Promise<Value> => {
  if (isDown) throw new RetryableError("It is down.");
  return work();
};

/** A topic and a store that can be down, and what people were told. */
const openPlace = (quietHours?: QuietHours) => {
  const stored = createStoredTelemetry(createMemoryItemStore(), { region: "us-east-2" });
  const told: Alert[] = [];
  const down = { topic: false, store: false };
  let nowMs = TEN_MS;
  const telemetry = {
    recordAlert: (record: Parameters<typeof stored.recordAlert>[0]) =>
      unlessDown(down.store, () => stored.recordAlert(record)),
    loadAlert: (key: string) => unlessDown(down.store, () => stored.loadAlert(key)),
    loadAlerts: (limit: number) => unlessDown(down.store, () => stored.loadAlerts(limit)),
  };
  const topic = {
    publish: (alert: Alert) =>
      unlessDown(down.topic, async () => {
        told.push(alert);
      }),
  };
  const clock = { nowMs: () => nowMs };
  const alerts = keepAlerts({ alerts: topic, telemetry, clock, quietHours });
  const advance = (ms: number): void => {
    nowMs += ms;
  };
  return { alerts, telemetry, told, down, advance };
};

/** From midnight to noon in New York; the clock begins at ten. */
const UNTIL_NOON: QuietHours = { startsAtMs: 0, endsAtMs: 12 * 3_600_000 };

const anyAlert = fc.record({
  key: fc.constantFrom("one", "two"),
  action: fc.constantFrom("trigger" as const, "resolve" as const),
  severity: fc.constantFrom("critical" as const, "warning" as const),
});

describe("alerts that are kept", () => {
  it("are told in the end, whatever was down when they were published", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(anyAlert, fc.boolean()), { maxLength: 20 }),
        async (published) => {
          const place = openPlace();
          const last = new Map<string, Alert>();
          for (const [change, isDown] of published) {
            place.down.topic = isDown;
            const alert = alertOf(change);
            await place.alerts.publish(alert);
            last.set(alert.key, alert);
          }
          place.down.topic = false;
          await tellAgain(place);
          for (const [key, alert] of last) {
            const newest = place.told.findLast((one) => one.key === key);
            expect(newest?.action).toBe(alert.action);
            if (alert.action === "trigger") expect(newest?.severity).toBe(alert.severity);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("wait for the end of quiet hours, but what is critical and what is over do not", async () => {
    const { alerts, told, telemetry, advance } = openPlace(UNTIL_NOON);
    await alerts.publish(alertOf({ key: "before", severity: "critical" }));
    await alerts.publish(alertOf({ key: "passes", severity: "error" }));
    await alerts.publish(alertOf({ key: "stays", severity: "error" }));
    await alerts.publish(alertOf({ key: "worse", severity: "warning" }));
    await alerts.publish(alertOf({ key: "worse", severity: "critical" }));
    await alerts.publish(alertOf({ key: "before", action: "resolve" }));
    expect(told.map(({ key, action }) => `${action} ${key}`)).toEqual([
      "trigger before",
      "trigger worse",
      "resolve before",
    ]);
    await alerts.publish(alertOf({ key: "passes", action: "resolve" }));
    advance(3_600_000);
    await tellAgain({ alerts, telemetry });
    expect(told.some(({ key }) => key === "stays")).toBe(false);
    advance(3_600_000);
    await tellAgain({ alerts, telemetry });
    expect(told.at(-1)).toMatchObject({ key: "stays", severity: "error" });
    expect(told.filter(({ action }) => action === "trigger")).toHaveLength(3);
  });

  it("are told in quiet hours too where they cannot be kept", async () => {
    const { alerts, told, down } = openPlace(UNTIL_NOON);
    down.store = true;
    await alerts.publish(alertOf({ severity: "warning" }));
    expect(told).toHaveLength(1);
  });

  it("are told once for each transition, and again after an hour", async () => {
    const { alerts, told, advance } = openPlace();
    for (let minute = 0; minute < 59; minute++) {
      await alerts.publish(alertOf());
      advance(60_000);
    }
    expect(told).toHaveLength(1);
    advance(60_000);
    await alerts.publish(alertOf());
    expect(told).toHaveLength(2);
    await alerts.publish(alertOf({ severity: "warning" }));
    await alerts.publish(alertOf({ action: "resolve" }));
    await alerts.publish(alertOf({ action: "resolve" }));
    expect(told.map(({ action }) => action)).toEqual(["trigger", "trigger", "trigger", "resolve"]);
    advance(HOUR_MS / 2);
    await alerts.publish(alertOf());
    expect(told.at(-1)?.action).toBe("trigger");
  });

  it("are told at once without a store, and throw only if they can be neither kept nor told", async () => {
    const { alerts, told, down } = openPlace();
    down.store = true;
    await alerts.publish(alertOf());
    await alerts.publish(alertOf());
    expect(told).toHaveLength(2);
    down.topic = true;
    await expect(alerts.publish(alertOf())).rejects.toThrow("It is down.");
    down.store = false;
    await alerts.publish(alertOf());
  });

  it("of this Region end for people only where they began for them, and once", async () => {
    const { alerts, told, advance } = openPlace();
    const end = alertOf({ action: "resolve", isOfThisRegion: true });
    await alerts.publish(end);
    expect(told).toEqual([]);
    await alerts.publish(alertOf({ isOfThisRegion: true }));
    await alerts.publish(end);
    for (let hour = 0; hour < 3; hour++) {
      advance(HOUR_MS);
      await alerts.publish(end);
    }
    expect(told.map(({ action }) => action)).toEqual(["trigger", "resolve"]);
    expect(told.some((alert) => "isOfThisRegion" in alert)).toBe(false);
  });

  it("end for people where nobody can say whether they began, or were told to have ended", async () => {
    const { alerts, telemetry, told, down } = openPlace();
    const end = alertOf({ action: "resolve", isOfThisRegion: true });
    down.store = true;
    await alerts.publish(end);
    expect(told).toHaveLength(1);
    down.store = false;
    await alerts.publish(alertOf());
    down.topic = true;
    await alerts.publish(end);
    down.topic = false;
    await tellAgain({ alerts, telemetry });
    expect(told.map(({ action }) => action)).toEqual(["resolve", "trigger", "resolve"]);
    // Another Region may have begun what only names the account.
    await alerts.publish(alertOf({ key: "trading-halted-main", action: "resolve" }));
    expect(told).toHaveLength(4);
  });

  it("end with their cause, and only those", async () => {
    const place = openPlace();
    await place.alerts.publish(alertOf());
    await place.alerts.publish(alertOf({ key: "trading-halted-main" }));
    await resolveAlerts(place, "ledger-broker-differ-main-", {
      summary: "Ledger and broker agree.",
      atMs: TEN_MS + 60_000,
    });
    expect(place.told.map(({ key, action }) => [key, action])).toEqual([
      ["ledger-broker-differ-main-quantity", "trigger"],
      ["trading-halted-main", "trigger"],
      ["ledger-broker-differ-main-quantity", "resolve"],
    ]);
  });
});
