import { createChaosLedger, createChaosTelemetry } from "../../adapters/chaos/chaos-stores.ts";
import { createDynamoClient } from "../../adapters/aws/clients.ts";
import { createDynamoItemStore } from "../../adapters/aws/item-store.ts";
import type { ItemStore } from "../../adapters/stored/item-store.ts";
import { createStoredBreakerRecords } from "../../adapters/stored/breaker-records.ts";
import { createStoredHealing } from "../../adapters/stored/healing.ts";
import { createStoredOrderSeals } from "../../adapters/stored/order-seals.ts";
import { createStoredLedger } from "../../adapters/stored/ledger.ts";
import { createStoredTelemetry } from "../../adapters/stored/telemetry.ts";
import { createStoredLeases } from "../../adapters/stored/leases.ts";
import type { Leases } from "../../ports/leases.ts";
import type { BreakerRecords } from "../../ports/breaker-records.ts";
import type { Healing } from "../../ports/healing.ts";
import type { OrderSeals } from "../../ports/order-seals.ts";
import type { Ledger } from "../../ports/ledger.ts";
import type { TickStore } from "../../ports/tick-store.ts";
import { createStoredTickStore } from "../../adapters/stored/tick-store.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { underChaos, type ChaosEnvironment } from "./chaos.ts";

/** The Region's names of the two tables, as far as a function has them. */
type RegionEnvironment = ChaosEnvironment;
type LedgerEnvironment = RegionEnvironment & { readonly LEDGER_TABLE: string };

/** The telemetry table: read as it is nearby, which is enough for what may be lost. */
export const createTelemetryTable = (
  environment: RegionEnvironment & { readonly TELEMETRY_TABLE: string },
): Telemetry => {
  const telemetry = createStoredTelemetry(createTelemetryItems(environment), {
    region: environment.HOLDFAST_REGION,
  });
  return underChaos(telemetry, environment, createChaosTelemetry);
};

/** The tape of ticks, which lies in the telemetry table. */
export const createTickTable = (
  environment: RegionEnvironment & { readonly TELEMETRY_TABLE: string },
): TickStore =>
  createStoredTickStore(createTelemetryItems(environment), {
    region: environment.HOLDFAST_REGION,
  });

/** What the functions share of the vendors' breakers, which lies in the telemetry table. */
export const createBreakerTable = (
  environment: RegionEnvironment & { readonly TELEMETRY_TABLE: string },
): BreakerRecords =>
  createStoredBreakerRecords(createTelemetryItems(environment), {
    region: environment.HOLDFAST_REGION,
  });

/** The log of healing, which lies in the telemetry table. */
export const createHealingTable = (
  environment: RegionEnvironment & { readonly TELEMETRY_TABLE: string },
): Healing =>
  createStoredHealing(createTelemetryItems(environment), { region: environment.HOLDFAST_REGION });

/** The items of the telemetry table, for what is shared there beside telemetry. */
export const createTelemetryItems = (
  environment: RegionEnvironment & { readonly TELEMETRY_TABLE: string },
): ItemStore => {
  const client = createDynamoClient({ region: environment.HOLDFAST_REGION });
  const table = environment.TELEMETRY_TABLE;
  return createDynamoItemStore({ client, table, reads: "eventual" });
};

/** The ledger's table: every read sees every write that was acknowledged before. */
export const createLedgerTable = (environment: LedgerEnvironment): Ledger =>
  underChaos(createStoredLedger(createLedgerItems(environment)), environment, createChaosLedger);

/** The digests of orders' histories, as they lie in the ledger's table. */
export const createOrderSeals = (environment: LedgerEnvironment): OrderSeals =>
  createStoredOrderSeals(createLedgerItems(environment));

/** The Regions' leases, which lie in the ledger's table and are read as strongly. */
export const createLeases = (environment: LedgerEnvironment): Leases =>
  createStoredLeases(createLedgerItems(environment));

/** The items of the ledger's table, for what is kept there beside the ledger. */
export const createLedgerItems = (environment: LedgerEnvironment): ItemStore => {
  const client = createDynamoClient({ region: environment.HOLDFAST_REGION });
  const table = environment.LEDGER_TABLE;
  return createDynamoItemStore({ client, table, reads: "strong" });
};
