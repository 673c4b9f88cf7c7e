import { RetryableError } from "../../domain/fault.ts";
import type { Mode } from "../../domain/settings.ts";
import type { Alert, Alerts } from "../../ports/alerts.ts";
import type { VendorReport } from "../../ports/market-data.ts";
import { isTransient, type VendorFault } from "../../ports/vendor-fault.ts";

/** What became of one vendor. */
export type VendorNews = Pick<VendorReport, "vendor" | "outcome">;

/** Warns of vendors that no retry can help: other contracts than ours, or keys that are refused. */
export type ContractAlerts = {
  /** Tells what changed since the last poll; what cannot be published is told after the next. */
  readonly tell: (reports: readonly VendorNews[], atMs: number) => Promise<void>;
};

/**
 * One alert a vendor while it lasts, from the first answer that does not match (S3). Trading goes
 * on with the other vendors: whether they are enough for an entry, consensus decides.
 */
export const createContractAlerts = (alerts: Alerts, mode: Mode): ContractAlerts => {
  const told = new Set<VendorReport["vendor"]>();
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
        const isCured = outcome.type === "answered" || outcome.type === "notNeeded";
        if (isBroken && !told.has(vendor)) {
          if (await publish(alertOf(vendor, fault, { mode, atMs }))) told.add(vendor);
        } else if (isCured && told.has(vendor)) {
          if (await publish(alertOf(vendor, undefined, { mode, atMs }))) told.delete(vendor);
        }
      }
    },
  };
};

const alertOf = (
  vendor: VendorReport["vendor"],
  fault: VendorFault | undefined,
  { mode, atMs }: { readonly mode: Mode; readonly atMs: number },
): Alert => ({
  key: `contract-${vendor}`,
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
