import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Code } from "aws-cdk-lib/aws-lambda";
import type { ChaosWorld } from "../../shared/domain/chaos/chaos-mode.ts";
import type { FaultBucket } from "./fault-bucket.ts";

/** The functions of the system, each bundled from `lambdas/<name>`. */
export type FunctionName =
  | "aggregate-health"
  | "back-up"
  | "close-cycle"
  | "control-trading"
  | "drill-failover"
  | "execute-orders"
  | "fail-over"
  | "keep-audit"
  | "keep-lease"
  | "notify"
  | "open-cycle"
  | "poll-flow"
  | "poll-market-data"
  | "probe-pipeline"
  | "reconcile-orders"
  | "redrive-dead-letters"
  | "run-diagnostics"
  | "score-signals"
  | "serve-api"
  | "verify-restore"
  | "watch-drills";

/** The modes that may be deployed: real data without orders, or orders with play money. */
export type DeployedMode = "shadow" | "paper";

/** Keys of one Region, one for each kind of content, so that access to one opens no other. */
export type RegionKeys = {
  readonly tables: IKey;
  readonly archive: IKey;
  /** Of what nobody may change; nobody may schedule its deletion either. */
  readonly locked: IKey;
  readonly messages: IKey;
  readonly secrets: IKey;
  readonly logs: IKey;
  /** Signs the trading policy, for whoever deploys; its public half verifies. */
  readonly policy: IKey;
};

/** What every function's construct needs to know of its surroundings. */
export type Platform = {
  readonly mode: DeployedMode;
  /** `us-east-2`. */
  readonly region: string;
  /** The validated configuration as JSON without defaults, at most 2.5 KiB. */
  readonly configuration: string;
  readonly keys: RegionKeys;
  /** A function's bundled code. */
  readonly code: (name: FunctionName) => Code;
  /** Where functions that a drill breaks are told so; absent where there are no drills. */
  readonly faults?: FaultBucket | undefined;
  /** Failures may be caused by hand in this world; absent where they may not. */
  readonly chaos?: ChaosWorld | undefined;
};

/** The variables that every function reads. */
export const commonEnvironment = (platform: Platform) =>
  ({
    HOLDFAST_MODE: platform.mode,
    HOLDFAST_REGION: platform.region,
    HOLDFAST_CONFIGURATION: platform.configuration,
    ...(platform.chaos === undefined ? {} : { HOLDFAST_CHAOS: "allowed" as const }),
  }) as const;
