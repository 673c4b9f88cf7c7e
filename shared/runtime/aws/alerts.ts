import { createSnsAlerts } from "../../adapters/aws/alerts.ts";
import { createSnsClient } from "../../adapters/aws/clients.ts";
import { createHostClock } from "../../adapters/host/clock.ts";
import type { Alerts } from "../../ports/alerts.ts";
import { keepAlerts } from "../../use-cases/keep-alerts.ts";
import { quietHoursOf } from "../function-settings.ts";
import { createTelemetryTable } from "./tables.ts";

/** What says where alerts go, and where they are kept until they are told. */
type AlertsEnvironment = {
  readonly HOLDFAST_REGION: string;
  readonly TELEMETRY_TABLE: string;
  readonly ALERTS_TOPIC_ARN: string;
  readonly HOLDFAST_CONFIGURATION: string;
};

/** Alerts to the topic, told once for each transition, and again where that failed. */
export const connectAlerts = (environment: AlertsEnvironment): Alerts => {
  const client = createSnsClient({ region: environment.HOLDFAST_REGION });
  return keepAlerts({
    alerts: createSnsAlerts({ client, topicArn: environment.ALERTS_TOPIC_ARN }),
    telemetry: createTelemetryTable(environment),
    clock: createHostClock(),
    quietHours: quietHoursOf(environment),
  });
};
