import { RetryableError } from "../../domain/fault.ts";
import type { Mode } from "../../domain/settings.ts";
import type { Alert, Alerts } from "../../ports/alerts.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { VendorReport } from "../../ports/market-data.ts";
import { isTransient, type VendorFault } from "../../ports/vendor-fault.ts";

/** What became of one vendor. */
export type VendorNews = Pick<VendorReport, "vendor" | "outcome">;

/** What warning needs. */
type ContractAlertsDeps = {
  readonly alerts: Alerts;
  readonly telemetry: Pick<Telemetry, "loadAlert">;
};

/** Warns of vendors that no retry can help: other contracts than ours, or keys that are refused. */
export type ContractAlerts = {
  /** Tells what changed since the last poll; what cannot be published is told after the next. */
  readonly tell: (reports: readonly VendorNews[], atMs: number) => Promise<void>;
};

/**
 * One alert a vendor while it lasts, from the first answer that does not match (S3). Trading goes
 * on with the other vendors: whether they are enough for an entry, consensus decides. A new key
 * comes with a new environment: whether an earlier one has warned is read once for each vendor.
 */
export const createContractAlerts = (
  { alerts, telemetry }: ContractAlertsDeps,
  mode: Mode,
): ContractAlerts => {
  const told = new Set<VendorReport["vendor"]>();
  const lookedUp = new Set<VendorReport["vendor"]>();
  const lookUp = async (vendor: VendorReport["vendor"]): Promise<void> => {
    if (lookedUp.has(vendor)) return;
    try {
      const known = await telemetry.loadAlert(keyOf(vendor));
      lookedUp.add(vendor);
      if (known?.alert.action === "trigger") told.add(vendor);
    } catch (error) {
      // The next answer asks again; what there is to tell of others is told.
      if (!(error instanceof RetryableError)) throw error;
    }
  };
  const publish = async (alert: Alert): Promise<boolean> => {
    try {
      await alerts.publish(alert);
      return true;
    } catch (error) {
      if (error instanceof RetryableError) return false;
      throw error;
    }
  };
  return {
    tell: async (reports, atMs) => {
      for (const { vendor, outcome } of reports) {
        const fault = outcome.type === "failed" ? outcome.fault : undefined;
        const isBroken = fault !== undefined && !isTransient(fault);
        // Whoever is refused by its breaker, or was not needed, has shown nothing new.
        const isCured = outcome.type === "answered";
        if (isCured) await lookUp(vendor);
        if (isBroken && !told.has(vendor)) {
          if (await publish(alertOf(vendor, fault, { mode, atMs }))) told.add(vendor);
        } else if (isCured && told.has(vendor)) {
          if (await publish(alertOf(vendor, undefined, { mode, atMs }))) told.delete(vendor);
        }
      }
    },
  };
};

const keyOf = (vendor: VendorReport["vendor"]): string => `contract-${vendor}`;

const alertOf = (
  vendor: VendorReport["vendor"],
  fault: VendorFault | undefined,
  { mode, atMs }: { readonly mode: Mode; readonly atMs: number },
): Alert => ({
  key: keyOf(vendor),
  action: fault === undefined ? "resolve" : "trigger",
  severity: "warning",
  summary:
    fault === undefined
      ? `${vendor} answers as agreed again.`
      : `${vendor} does not answer as agreed: ${fault.class}, ${fault.detail}`,
  component: "market-data",
  mode,
  atMs,
  runbook: "vendor-breaker",
});
