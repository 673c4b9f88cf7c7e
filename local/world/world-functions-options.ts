import type { HttpClient } from "../../shared/adapters/http/http-client.ts";
import type { Database } from "../../shared/adapters/sqlite/database.ts";
import type { ItemStore } from "../../shared/adapters/stored/item-store.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import type { Alerts } from "../../shared/ports/alerts.ts";
import type { Archive } from "../../shared/ports/archive.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { HealRuns } from "../../shared/ports/heal-runs.ts";
import type { LockedStore } from "../../shared/ports/locked-store.ts";
import type { Pause } from "../../shared/ports/pause.ts";
import type { PolicySeal, PolicySigner } from "../../shared/ports/signed-policies.ts";
import type { Random } from "../../shared/ports/random.ts";
import type { Timers } from "../../shared/ports/timers.ts";
import type { BackUpDeps } from "../../shared/use-cases/back-up.ts";
import type { EvidenceWatch } from "./watch-evidence.ts";
import type { LedgerWatch } from "./watch-ledger.ts";
import type { WorldQueues } from "./queues.ts";
import type { WorldEnvironmentOptions } from "./world-environment.ts";
import type { WorldSeams } from "./world-seams.ts";
import type { WorldVendors } from "./world-vendors.ts";

/** What the functions of the local world stand on. */
export type WorldFunctionsOptions = {
  readonly store: Database;
  readonly vendors: WorldVendors;
  readonly http: HttpClient;
  /** For vendors of market data, which are asked once a minute. */
  readonly vendorHttp: HttpClient;
  readonly clock: Clock;
  /** This machine's own clock and timers, whatever the world's time. */
  readonly host: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly pause: Pause;
  readonly settings: Settings;
  readonly alerts: Alerts;
  /** Signs what this world was started with. */
  readonly seal: PolicySeal & PolicySigner;
  readonly archive: Archive;
  /** Where the audit's records stand. */
  readonly locked: LockedStore;
  /** The ledger's backups; absent where another store keeps the ledger. */
  readonly backups?: Pick<BackUpDeps, "backups" | "exports" | "policy"> | undefined;
  readonly queues: Pick<WorldQueues, "marketData" | "orders" | "exits" | "deadLettersOf">;
  readonly watch: LedgerWatch & EvidenceWatch;
  readonly onFailure: (name: string, error: unknown) => void;
  readonly seams: WorldSeams | undefined;
  /** Starts what heals, which is made of these functions. */
  readonly healRuns: HealRuns;
  /** What the functions' environment measures of itself. */
  readonly own: WorldEnvironmentOptions["own"];
  /** Where there are two Regions: the ledger that they share, and this one's telemetry. */
  readonly regionItems?: RegionItems | undefined;
};

/** What a Region of two keeps its items in. */
export type RegionItems = { readonly ledger: ItemStore; readonly telemetry: ItemStore };
