import { createHostClock } from "../../adapters/host/clock.ts";
import { createHttpClient } from "../../adapters/http/http-client.ts";
import { createPagerDutyPager } from "../../adapters/pagerduty/pager.ts";
import type { Pager } from "../../ports/alerts.ts";
import { PagerSecret, readSecret } from "./read-secret.ts";
import { withoutSlash } from "./without-slash.ts";

/** The pager, with the routing key of its secret. */
export const connectPager = async (environment: {
  readonly HOLDFAST_REGION: string;
  readonly PAGERDUTY_SECRET_ARN: string;
  readonly PAGERDUTY_URL: string;
}): Promise<Pager> => {
  const { HOLDFAST_REGION: region, PAGERDUTY_SECRET_ARN: arn } = environment;
  const { routingKey } = await readSecret({ region, arn, name: "pager" }, PagerSecret);
  const http = createHttpClient({ clock: createHostClock() });
  return createPagerDutyPager({
    http,
    routingKey,
    baseUrl: withoutSlash(environment.PAGERDUTY_URL),
  });
};
