import { createMemoryAlerts } from "../../../shared/adapters/memory/alerts.ts";
import { describeAlerts } from "../../contracts/alerts.ts";

describeAlerts("memory alerts", async () => {
  const alerts = createMemoryAlerts();
  return { alerts, arrived: async () => alerts.published() };
});
