import { createAlpacaBroker } from "../../adapters/alpaca/broker.ts";
import { createAlpacaMarketData } from "../../adapters/alpaca/market-data.ts";
import { createBudgetedBroker, type LookUpLane } from "../../adapters/budget/budgeted-broker.ts";
import { createStoredBudget } from "../../adapters/budget/stored-budget.ts";
import { createChaosBroker } from "../../adapters/chaos/chaos-broker.ts";
import { createHostClock } from "../../adapters/host/clock.ts";
import { createHttpClient } from "../../adapters/http/http-client.ts";
import { ALPACA_BUDGET } from "../../domain/budget/token-bucket.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Broker } from "../../ports/broker.ts";
import type { MarketData } from "../../ports/market-data.ts";
import { underChaos, type ChaosEnvironment } from "./chaos.ts";
import { createTelemetryItems } from "./tables.ts";
import { withoutSlash } from "./without-slash.ts";
import { BrokerSecret, readSecret } from "./read-secret.ts";

type BrokerEnvironment = ChaosEnvironment & { readonly BROKER_SECRET_ARN: string };

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

const alpacaConnection = async (environment: BrokerEnvironment) => {
  const { HOLDFAST_REGION: region, BROKER_SECRET_ARN: arn } = environment;
  const credentials = await readSecret({ region, arn, name: "broker" }, BrokerSecret);
  const clock = createHostClock();
  return { http: createHttpClient({ clock }), credentials, clock };
};
