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
  return {
    note: (event) => {
      const isOfVendor = event.name.split(".").length === 2;
      // What this environment does and what all do together is one piece of news.
      const isNoted = noted.some(({ name, to }) => name === event.name && to === event.to);
      if (!isOfVendor || !isNews(event) || isNoted || noted.length >= NOTED_MAX) return;
      noted.push(event);
    },
    publish: async () => {
      // Taken out before it is told: two that publish at once tell each piece once.
      for (let event = noted.shift(); event !== undefined; event = noted.shift()) {
        try {
          await alerts.publish(alertOf(event, mode));
        } catch (error) {
          noted.unshift(event);
          if (error instanceof RetryableError) return;
          throw error;
        }
      }
    },
  };
};

/**
 * A relapse is the same incident. Whether an incident was told before is not asked: another
 * environment may have told of the last one's end, or of this one's beginning.
 */
const isNews = ({ from, to }: BreakerEvent): boolean =>
  from === "closed" ? to === "open" : to === "closed";

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
