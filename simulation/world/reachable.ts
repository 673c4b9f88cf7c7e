import type { AtOnce, Prompt } from "../../shared/adapters/memory/at-once.ts";
import type { ItemStore } from "../../shared/adapters/stored/item-store.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import type { Archive } from "../../shared/ports/archive.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { MessageSender } from "../../shared/ports/message-queue.ts";
import type { Random } from "../../shared/ports/random.ts";
import type { Timers } from "../../shared/ports/timers.ts";
import type { TendedDoor } from "../../shared/use-cases/tend-dead-letters.ts";
import type { FunctionPorts } from "../../local/function-ports.ts";
import type { Engine } from "../engine/engine.ts";
import type { FaultControl, FaultPlace } from "../faults/fault-control.ts";
import type { Actor, FunctionName, QueueName } from "../observation.ts";
import type { RegionBuckets } from "../services/locked-buckets.ts";
import type { Observe } from "./observe.ts";
import type { BrokerSide } from "./broker-side.ts";
import type { VendorSide } from "./simulated-vendors.ts";

/** What one environment of a function reaches, before calls take time and are struck by faults. */
export type Reachable = {
  readonly engine: Engine;
  readonly faults: FaultControl;
  readonly observe: Observe;
  readonly region: string;
  readonly functionName: FunctionName;
  readonly settings: Settings;
  /** Whose code runs now. */
  readonly actorOf: () => Actor;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly ledgerStore: Prompt<ItemStore>;
  readonly telemetryStore: AtOnce<ItemStore>;
  readonly archive: Archive;
  readonly brokerSide: BrokerSide;
  readonly vendorSide: VendorSide;
  readonly queues: {
    readonly [Name in keyof FunctionPorts["queues"]]: Prompt<FunctionPorts["queues"][Name]>;
  };
  readonly deadLettersOf: (queueName: string) => Prompt<MessageSender>;
  readonly deadOf: (queue: QueueName) => Prompt<TendedDoor["dead"]>;
  readonly alerts: Prompt<FunctionPorts["alerts"]>;
  readonly pager: Prompt<FunctionPorts["pager"]>;
  readonly buckets: RegionBuckets;
  /** The locked store does not answer this Region. */
  readonly isLockedOut: () => boolean;
  /** The ledger does not answer this Region. */
  readonly isCutOff: () => boolean;
  readonly placeOf: (call: string) => FaultPlace;
};
