import { RetryableError } from "../../domain/fault.ts";
import { err } from "../../domain/result.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Ledger, LedgerUnavailable } from "../../ports/ledger.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { ChaosControl } from "./chaos-control.ts";

const DOWN: LedgerUnavailable = { type: "LedgerUnavailable", detail: "Chaos: no answer." };

/** The ledger as `ledger_down` leaves it: nothing is read or written. */
export const createChaosLedger = (ledger: Ledger, chaos: ChaosControl): Ledger => {
  const orDown =
    <Given extends readonly unknown[], Answer>(call: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer | ReturnType<typeof err<LedgerUnavailable>>> =>
      chaos.isOn("ledger_down") ? err(DOWN) : call(...given);
  return {
    loadCell: orDown(ledger.loadCell),
    saveCell: orDown(ledger.saveCell),
    readDamagedCell: orDown(ledger.readDamagedCell),
    replaceDamagedCell: orDown(ledger.replaceDamagedCell),
    appendEvents: orDown(ledger.appendEvents),
    loadOrder: orDown(ledger.loadOrder),
    loadEvents: orDown(ledger.loadEvents),
    listOrders: orDown(ledger.listOrders),
  };
};

/**
 * The telemetry as `telemetry_down` leaves it. `supervisor_crash` strikes who asks for the last
 * health alone, which is the function that derives it: whoever shows health asks for more.
 */
export const createChaosTelemetry = (telemetry: Telemetry, chaos: ChaosControl): Telemetry =>
  new Proxy(telemetry, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      return async (...given: readonly unknown[]): Promise<unknown> => {
        if (chaos.isOn("telemetry_down")) throw new RetryableError("Chaos: no answer.");
        if (name === "loadHealth" && given[0] === 1 && chaos.isOn("supervisor_crash")) {
          throw new TypeError("Chaos: a bug in the supervisor.");
        }
        return Reflect.apply(method, target, given) as unknown;
      };
    },
  });

const LATE_MS = 5 * 60_000;

/** The functions' clock as `clock_skew` leaves it; what measures time goes on as it was. */
export const createChaosClock = (clock: Clock, chaos: ChaosControl): Clock => ({
  nowMs: () => clock.nowMs() - (chaos.isOn("clock_skew") ? LATE_MS : 0),
  monotonicMs: clock.monotonicMs,
});
