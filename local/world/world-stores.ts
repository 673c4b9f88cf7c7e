import { sha256 } from "../../shared/adapters/host/digest.ts";
import { createAlpacaBroker } from "../../shared/adapters/alpaca/broker.ts";
import { createBudgetedBroker } from "../../shared/adapters/budget/budgeted-broker.ts";
import { createStoredBudget } from "../../shared/adapters/budget/stored-budget.ts";
import { createSqliteItemStore } from "../../shared/adapters/sqlite/item-store.ts";
import type { ItemStore } from "../../shared/adapters/stored/item-store.ts";
import { createStoredAuditHeads } from "../../shared/adapters/stored/audit-heads.ts";
import { createStoredSignedPolicies } from "../../shared/adapters/stored/signed-policies.ts";
import { createStoredLedger } from "../../shared/adapters/stored/ledger.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import { ALPACA_BUDGET } from "../../shared/domain/budget/token-bucket.ts";
import type { Broker } from "../../shared/ports/broker.ts";
import type { Ledger } from "../../shared/ports/ledger.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import {
  createKeepConfiguration,
  type KeepConfiguration,
} from "../../shared/use-cases/keep-configuration.ts";
import { chaosWorldOf } from "../../shared/domain/chaos/chaos-mode.ts";
import { keepAlerts } from "../../shared/use-cases/keep-alerts.ts";
import { createLocalChaos, type LocalChaos } from "../chaos/local-chaos.ts";
import { watchEvidence } from "./watch-evidence.ts";
import { watchLedger } from "./watch-ledger.ts";
import { createRecordAudit } from "../../shared/use-cases/audit/record-audit.ts";
import type { WorldFunctionsOptions } from "./world-functions-options.ts";

/** What the ports are made of, beside the world's own options. */
export type WorldStores = {
  readonly items: ItemStore;
  readonly ledgerItems: ItemStore;
  readonly heads: ReturnType<typeof createStoredAuditHeads>;
  readonly telemetry: Telemetry;
  readonly ledger: Ledger;
  readonly broker: Broker;
  readonly signedConfiguration: KeepConfiguration;
  readonly chaos: LocalChaos | undefined;
};

/** Opens the stores of the world, with what watches them, and its broker. */
export const openWorldStores = (options: WorldFunctionsOptions): WorldStores => {
  const { store, vendors, http, clock, settings, watch } = options;
  const { keyId, secretKey } = vendors.credentials;
  const items = options.regionItems?.telemetry ?? createSqliteItemStore(store, clock);
  const ledgerItems = options.regionItems?.ledger ?? items;
  const kept = createStoredTelemetry(items, { region: settings.region });
  const telemetry = watchEvidence(options.seams?.watchTelemetry?.(kept) ?? kept, watch);
  const stored = createStoredLedger(ledgerItems);
  const ledger = watchLedger(options.seams?.watchLedger(stored) ?? stored, watch);
  const alpaca = { http, clock, credentials: { keyId, secretKey } };
  const alpacaBroker = createAlpacaBroker({ ...alpaca, baseUrl: vendors.brokerUrl });
  const broker =
    settings.mode === "sim" ? alpacaBroker : withinBudget(alpacaBroker, items, options);
  const heads = createStoredAuditHeads(ledgerItems);
  const signedConfiguration = createKeepConfiguration({
    ...options,
    ledger,
    telemetry,
    policies: createStoredSignedPolicies(items),
    signer: options.seal,
    alerts: keepAlerts({ alerts: options.alerts, telemetry, clock }),
    audit: createRecordAudit({ ...options, heads, digest: sha256 }),
  });
  const chaos = chaosOf(options, items, ledgerItems);
  return {
    items,
    ledgerItems,
    heads,
    telemetry,
    ledger,
    broker,
    signedConfiguration,
    chaos,
  };
};

/** Only where orders are not real there is anything that can be broken on purpose. */
const chaosOf = (
  { clock, queues, settings, watch }: WorldFunctionsOptions,
  items: ItemStore,
  ledgerItems: ItemStore,
): LocalChaos | undefined => {
  const world = chaosWorldOf(settings.mode);
  if (!world.ok) return undefined;
  const stored = { items, ledgerItems, queues };
  return createLocalChaos({ ...stored, world: world.value, clock, settings, tell: watch.tell });
};

/** The simulated exchange has no limit to keep to; a real account has one for all functions. */
const withinBudget = (
  broker: Broker,
  store: ItemStore,
  { clock, settings }: WorldFunctionsOptions,
): Broker => {
  const { account, region } = settings;
  const policy = ALPACA_BUDGET;
  return createBudgetedBroker(
    broker,
    createStoredBudget({ store, clock, account, region, policy }),
    clock,
  );
};
