import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { AccessLogBucket } from "../constructs/access-log-bucket.ts";
import { ArchiveBucket } from "../constructs/archive-bucket.ts";
import { FaultBucket } from "../constructs/fault-bucket.ts";
import { LockedBucket } from "../constructs/locked-bucket.ts";
import type { ReplicationTarget } from "../constructs/locked-replication.ts";
import type { RegionKeys } from "../constructs/platform.ts";
import { ReplicationWatch } from "../constructs/replication-watch.ts";
import { VendorSecret } from "../constructs/vendor-secret.ts";
import type { Watched } from "../constructs/watched.ts";

/** The Region's keys, how long locked objects stay so, and where they are copied to. */
export type StorageStackProps = StackProps & {
  readonly keys: RegionKeys;
  readonly lockDays: number;
  readonly copies: ReplicationTarget | undefined;
  /** Whether functions are broken on purpose. */
  readonly hasDrills: boolean;
};

/**
 * What a Region keeps besides the tables: the archive, what is locked, the vendors' credentials.
 */
export class StorageStack extends Stack {
  readonly archive: ArchiveBucket;
  /** Audit, exports and reports. */
  readonly locked: LockedBucket;
  /** The name of `locked`, for people. */
  readonly lockedName: CfnOutput;
  /** What drills break; absent where there are none. */
  readonly faults: FaultBucket | undefined;
  readonly broker: VendorSecret;
  /** Of the vendors of market data other than the broker. */
  readonly vendorKeys: VendorSecret;
  readonly flow: VendorSecret;
  readonly pager: VendorSecret;
  readonly watched: readonly Watched[];

  constructor(scope: Construct, id: string, props: StorageStackProps) {
    super(scope, id, props);
    const { keys, lockDays, copies, hasDrills } = props;
    const accessLogs = new AccessLogBucket(this, "access-logs");
    this.archive = new ArchiveBucket(this, "archive", { key: keys.archive, accessLogs });
    this.locked = new LockedBucket(this, "locked", {
      key: keys.locked,
      accessLogs,
      lockDays,
      copies,
    });
    // Whoever verifies the audit by hand, or looks for a copy, begins with this name.
    this.lockedName = new CfnOutput(this, "locked-bucket", { value: this.locked.bucketName });
    this.watched =
      copies === undefined
        ? []
        : [
            new ReplicationWatch(this, "copies", {
              source: this.locked.bucketName,
              destination: copies.bucketName,
            }),
          ];
    this.faults = hasDrills ? new FaultBucket(this, "faults", { accessLogs }) : undefined;
    this.broker = new VendorSecret(this, "broker", {
      key: keys.secrets,
      description: "Alpaca, as JSON {keyId, secretKey}.",
    });
    this.vendorKeys = new VendorSecret(this, "vendor-keys", {
      key: keys.secrets,
      description:
        "Polygon (Massive) and Tiingo, as JSON {polygonKey, tiingoToken}; one that is left out is not asked.",
    });
    this.flow = new VendorSecret(this, "flow", {
      key: keys.secrets,
      description: "Unusual Whales, as JSON {token}.",
    });
    this.pager = new VendorSecret(this, "pager", {
      key: keys.secrets,
      description: "PagerDuty Events v2, as JSON {routingKey}.",
    });
  }
}
