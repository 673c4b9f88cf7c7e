import { createAlpacaBroker } from "../../adapters/alpaca/broker.ts";
import { createAlpacaMarketData } from "../../adapters/alpaca/market-data.ts";
import { createBudgetedBroker, type LookUpLane } from "../../adapters/budget/budgeted-broker.ts";
import { createStoredBudget } from "../../adapters/budget/stored-budget.ts";
import { createChaosBroker } from "../../adapters/chaos/chaos-broker.ts";
import { createChaosFlow } from "../../adapters/chaos/chaos-vendors.ts";
import { createHostClock } from "../../adapters/host/clock.ts";
import { createHttpClient } from "../../adapters/http/http-client.ts";
import { createPagerDutyPager } from "../../adapters/pagerduty/pager.ts";
import { createUnusualWhalesFlow } from "../../adapters/unusual-whales/flow.ts";
import { ALPACA_BUDGET } from "../../domain/budget/token-bucket.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Pager } from "../../ports/alerts.ts";
import type { Broker } from "../../ports/broker.ts";
import type { Flow } from "../../ports/flow.ts";
import type { MarketData } from "../../ports/market-data.ts";
import { underChaos, type ChaosEnvironment } from "./chaos.ts";
import { createTelemetryItems } from "./tables.ts";
import { withoutSlash } from "./without-slash.ts";
import { BrokerSecret, FlowSecret, PagerSecret, readSecret } from "./read-secret.ts";

type RegionEnvironment = ChaosEnvironment;
type BrokerEnvironment = RegionEnvironment & { readonly BROKER_SECRET_ARN: string };

/**
 * The broker, with the credentials of its secret, within the account's budget of requests, which
 * all functions share. `lookUps` says what the function looks orders up for.
 */
export const connectBroker = async (
  environment: BrokerEnvironment & {
    readonly BROKER_URL: string;
    readonly TELEMETRY_TABLE: string;
  },
  settings: Pick<Settings, "account" | "region">,
  lookUps: LookUpLane = "read",
): Promise<Broker> => {
  const broker = createAlpacaBroker({
    ...(await alpacaConnection(environment)),
    baseUrl: withoutSlash(environment.BROKER_URL),
  });
  const clock = createHostClock();
  const budget = createStoredBudget({
    store: createTelemetryItems(environment),
    clock,
    account: settings.account,
    region: settings.region,
    policy: ALPACA_BUDGET,
  });
  const budgeted = createBudgetedBroker(broker, budget, clock, lookUps);
  return underChaos(budgeted, environment, createChaosBroker);
};

/** The market-data vendor, which takes the broker's credentials. */
export const connectMarketData = async (
  environment: BrokerEnvironment & { readonly MARKET_DATA_URL: string },
): Promise<MarketData> =>
  createAlpacaMarketData({
    ...(await alpacaConnection(environment)),
    baseUrl: withoutSlash(environment.MARKET_DATA_URL),
  });

/** The flow vendor, with the token of its secret. */
export const connectFlow = async (
  environment: RegionEnvironment & { readonly FLOW_SECRET_ARN: string; readonly FLOW_URL: string },
): Promise<Flow> => {
  const { HOLDFAST_REGION: region, FLOW_SECRET_ARN: arn } = environment;
  const { token } = await readSecret({ region, arn, name: "flow" }, FlowSecret);
  const clock = createHostClock();
  const http = createHttpClient({ clock });
  const flow = createUnusualWhalesFlow({
    http,
    clock,
    token,
    baseUrl: withoutSlash(environment.FLOW_URL),
  });
  return underChaos(flow, environment, createChaosFlow);
};

/** The pager, with the routing key of its secret. */
export const connectPager = async (
  environment: RegionEnvironment & {
    readonly PAGERDUTY_SECRET_ARN: string;
    readonly PAGERDUTY_URL: string;
  },
): Promise<Pager> => {
  const { HOLDFAST_REGION: region, PAGERDUTY_SECRET_ARN: arn } = environment;
  const { routingKey } = await readSecret({ region, arn, name: "pager" }, PagerSecret);
  const http = createHttpClient({ clock: createHostClock() });
  return createPagerDutyPager({
    http,
    routingKey,
    baseUrl: withoutSlash(environment.PAGERDUTY_URL),
  });
};

const alpacaConnection = async (environment: BrokerEnvironment) => {
  const { HOLDFAST_REGION: region, BROKER_SECRET_ARN: arn } = environment;
  const credentials = await readSecret({ region, arn, name: "broker" }, BrokerSecret);
  const clock = createHostClock();
  return { http: createHttpClient({ clock }), credentials, clock };
};
