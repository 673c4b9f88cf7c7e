import { Duration, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/drill-failover/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import { allowExperiments } from "../allow-experiments.ts";
import type { AlertsTopic } from "../alerts-topic.ts";
import type { ArchiveBucket } from "../archive-bucket.ts";
import { GuardedFunction } from "../guarded-function.ts";
import type { LedgerTable } from "../ledger-table.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import type { TelemetryTable } from "../telemetry-table.ts";
import type { VendorSecret } from "../vendor-secret.ts";

/** What the function reaches. */
export type DrillFailoverProps = {
  readonly platform: Platform;
  readonly ledger: LedgerTable;
  readonly telemetry: TelemetryTable;
  readonly alerts: AlertsTopic;
  readonly archive: ArchiveBucket;
  readonly broker: VendorSecret;
  readonly brokerUrl: string;
  /** The Region that it strikes. */
  readonly peerRegion: string;
};

/** One step of a drill; it changes nothing of trading, and breaks the other Region only. */
export class DrillFailover extends GuardedFunction {
  constructor(scope: Construct, props: DrillFailoverProps) {
    const { platform, ledger, telemetry, alerts, archive, broker, brokerUrl, peerRegion } = props;
    super(scope, "drill-failover", {
      platform,
      description: `Does one step of a drill that strikes ${peerRegion}.`,
      errorImpact: "A drill does not go on; watch-drills ends what it has broken.",
      environment: {
        ...commonEnvironment(platform),
        LEDGER_TABLE: ledger.tableName,
        TELEMETRY_TABLE: telemetry.tableName,
        ARCHIVE_BUCKET: archive.bucketName,
        ALERTS_TOPIC_ARN: alerts.topicArn,
        BROKER_SECRET_ARN: broker.secretArn,
        BROKER_URL: brokerUrl,
        PEER_REGION: peerRegion,
      } satisfies EnvInput,
      timeout: Duration.seconds(TIMEOUT_SECONDS["drill-failover"]),
      memoryMebibytes: 512,
      errorsPage: "failover-drill",
      errorsTolerated: 5,
    });
    // It reads the ledger, and records in the audit what it breaks.
    ledger.grantAudit(this, platform.keys.tables);
    telemetry.grantReadWrite(this, platform.keys.tables);
    alerts.grantAlert(this);
    archive.grantKeepDrills(this);
    broker.grantValue(this);
    allowExperiments(this, Stack.of(this).account, peerRegion, "startAndStop");
  }
}
