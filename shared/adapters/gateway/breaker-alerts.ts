import { RetryableError } from "../../domain/fault.ts";
import type { Mode } from "../../domain/settings.ts";
import type { Alert, Alerts } from "../../ports/alerts.ts";
import type { BreakerEvent } from "../calls/breakers.ts";

/** Tells people of the vendors' breakers, after a poll and not within it. */
export type BreakerAlerts = {
  readonly note: (event: BreakerEvent) => void;
  /** Publishes what was noted; what cannot be published stays for the next time. */
  readonly publish: () => Promise<void>;
};

/** More changes than this between two polls are no news. */
const NOTED_MAX = 50;

/** Alerts of vendors and operations; a single symbol's breaker is seen in the list of breakers. */
export const createBreakerAlerts = (alerts: Alerts, mode: Mode): BreakerAlerts => {
  const noted: BreakerEvent[] = [];
  // At most one a breaker: a relapse is the same incident.
  const lastTold = new Map<string, BreakerEvent["to"]>();
  return {
    note: (event) => {
      const isOfVendor = event.name.split(".").length === 2;
      const isNews = event.to !== "halfOpen" && lastTold.get(event.name) !== event.to;
      if (!isOfVendor || !isNews || noted.length >= NOTED_MAX) return;
      lastTold.set(event.name, event.to);
      noted.push(event);
    },
    publish: async () => {
      for (let event = noted[0]; event !== undefined; event = noted[0]) {
        try {
          await alerts.publish(alertOf(event, mode));
        } catch (error) {
          if (error instanceof RetryableError) return;
          throw error;
        }
        noted.shift();
      }
    },
  };
};

const alertOf = ({ name, to, reason, atMs }: BreakerEvent, mode: Mode): Alert => ({
  key: `breaker-${name}`,
  action: to === "closed" ? "resolve" : "trigger",
  severity: "warning",
  summary:
    to === "closed"
      ? `${name} answers again.`
      : `${name} is not asked for the moment (${reason ?? "it is not well"}).`,
  component: "market-data",
  mode,
  atMs,
  runbook: "vendor-breaker",
});
