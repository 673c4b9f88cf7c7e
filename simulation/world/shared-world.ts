import type { Engine } from "../engine/engine.ts";
import type { RandomStreams } from "../engine/random-streams.ts";
import type { FaultControl } from "../faults/fault-control.ts";
import type { LedgerStore } from "../services/ledger-store.ts";
import type { LockedBuckets } from "../services/locked-buckets.ts";
import type { TelemetryTable } from "../services/telemetry-store.ts";
import type { Observe } from "./observe.ts";
import type { BrokerSide } from "./broker-side.ts";
import type { VendorSide } from "./simulated-vendors.ts";

/** What the Regions of a world share. */
export type SharedWorld = {
  readonly engine: Engine;
  readonly streams: RandomStreams;
  readonly faults: FaultControl;
  readonly observe: Observe;
  readonly ledger: LedgerStore;
  readonly locked: LockedBuckets;
  readonly telemetry: TelemetryTable;
  readonly brokerSide: BrokerSide;
  readonly vendorSide: VendorSide;
  /** Counts the invocations of the whole world from 1. */
  readonly nextInvocation: () => number;
};
