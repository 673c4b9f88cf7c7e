import type { Alerts, Pager } from "../shared/ports/alerts.ts";
import type { Archive } from "../shared/ports/archive.ts";
import type { BackupRecords } from "../shared/ports/backup-records.ts";
import type { Broker } from "../shared/ports/broker.ts";
import type { MarketCalendar } from "../shared/ports/calendar.ts";
import type { Auditing } from "../shared/ports/auditing.ts";
import type { BreakerRecords } from "../shared/ports/breaker-records.ts";
import type { Chaos } from "../shared/ports/chaos.ts";
import type { Clock } from "../shared/ports/clock.ts";
import type { HealRuns } from "../shared/ports/heal-runs.ts";
import type { Healing, SignedConfiguration } from "../shared/ports/healing.ts";
import type { Flow } from "../shared/ports/flow.ts";
import type { Failovers } from "../shared/ports/failovers.ts";
import type { Leases } from "../shared/ports/leases.ts";
import type { Ledger } from "../shared/ports/ledger.ts";
import type { MarketData } from "../shared/ports/market-data.ts";
import type { MessageReturner, MessageSender } from "../shared/ports/message-queue.ts";
import type { Pause } from "../shared/ports/pause.ts";
import type { Random } from "../shared/ports/random.ts";
import type { PolicySeal, SignedPolicies } from "../shared/ports/signed-policies.ts";
import type { TickStore } from "../shared/ports/tick-store.ts";
import type { Telemetry } from "../shared/ports/telemetry.ts";
import type { BackUpDeps } from "../shared/use-cases/back-up.ts";
import type { KeepConfiguration } from "../shared/use-cases/keep-configuration.ts";
import type { TendDeadLettersDeps } from "../shared/use-cases/tend-dead-letters.ts";

/** Everything outside that the functions reach, from whichever world. */
export type FunctionPorts = {
  readonly ledger: Ledger;
  readonly leases: Leases;
  /** Absent where there is one Region. */
  readonly failovers?: Failovers | undefined;
  readonly telemetry: Telemetry;
  readonly archive: Archive;
  readonly broker: Broker;
  readonly marketData: MarketData;
  readonly flow: Flow;
  readonly calendar: MarketCalendar;
  readonly alerts: Alerts;
  readonly pager: Pager;
  readonly clock: Clock;
  readonly random: Random;
  readonly pause: Pause;
  /** The sending side of the queues between functions. */
  readonly queues: {
    readonly marketData: MessageSender;
    readonly orders: MessageSender;
    /** What failed here is also returned to it, to come again soon. */
    readonly exits: MessageSender & MessageReturner;
  };
  /** Where a hopeless message of the queue with this name goes; else the queue counts its tries. */
  readonly deadLettersOf?: (queueName: string) => MessageSender | undefined;
  /** The queues whose dead letters are tended; without them nothing is redriven. */
  readonly doors?: TendDeadLettersDeps["doors"];
  /** Counts the dead letters of those queues; without it they are not known of. */
  readonly countDeadLetters?: (() => Promise<number>) | undefined;
  /** Where every poll's ticks are kept; without it they are not. */
  readonly ticks?: TickStore | undefined;
  /** The ledger's backups, and what exports them; without it nothing is backed up. */
  readonly backups?:
    | (Pick<BackUpDeps, "backups" | "exports" | "policy"> & { readonly records: BackupRecords })
    | undefined;
  /** The log of healing; without it one is kept in memory. */
  readonly healing?: Healing | undefined;
  /** Starts runs of healing; without it nobody can ask for one. */
  readonly healRuns?: HealRuns | undefined;
  /** Closes every connection to the vendors of market data. */
  readonly resetConnections?: (() => void) | undefined;
  /** What the functions know of the vendors' breakers; without it none is known to be open. */
  readonly breakers?: BreakerRecords | undefined;
  /** Absent where nothing may be broken on purpose. */
  readonly chaos?: Chaos | undefined;
  /** What the audit is kept in; without it nothing is recorded. */
  readonly auditing?: Auditing | undefined;
  /** What entries are sent under, as deployed; without it they are sent under anything. */
  readonly signing?: { readonly policies: SignedPolicies; readonly seal: PolicySeal } | undefined;
  /** Without it nothing is signed, and nothing drifts. */
  readonly signedConfiguration?:
    | (SignedConfiguration & Partial<Pick<KeepConfiguration, "check" | "secure">>)
    | undefined;
};
