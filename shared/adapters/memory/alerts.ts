import type { Alert, Alerts } from "../../ports/alerts.ts";

/** Alerts that are kept in memory, and what has been published, oldest first. */
export type MemoryAlerts = Alerts & { readonly published: () => readonly Alert[] };

/** Collects alerts in memory, the newest 10,000. */
export const createMemoryAlerts = (): MemoryAlerts => {
  const alerts: Alert[] = [];
  return {
    publish: async (alert) => {
      alerts.push(alert);
      if (alerts.length > ALERTS_MAX) alerts.shift();
    },
    published: () => [...alerts],
  };
};

const ALERTS_MAX = 10_000;
