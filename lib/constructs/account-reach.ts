import type { AlertsTopic } from "./alerts-topic.ts";
import type { ArchiveBucket } from "./archive-bucket.ts";
import type { GuardedFunction } from "./guarded-function.ts";
import type { LedgerTable } from "./ledger-table.ts";
import { commonEnvironment, type Platform } from "./platform.ts";
import type { TelemetryTable } from "./telemetry-table.ts";
import type { VendorSecret } from "./vendor-secret.ts";

/** What a function reaches that holds an account's ledger against its broker. */
export type AccountReach = {
  readonly platform: Platform;
  readonly ledger: LedgerTable;
  readonly telemetry: TelemetryTable;
  readonly alerts: AlertsTopic;
  readonly archive: ArchiveBucket;
  readonly broker: VendorSecret;
  readonly brokerUrl: string;
};

/** The variables that say where all of it is. */
export const accountEnvironment = (reach: AccountReach) =>
  ({
    ...commonEnvironment(reach.platform),
    LEDGER_TABLE: reach.ledger.tableName,
    TELEMETRY_TABLE: reach.telemetry.tableName,
    ARCHIVE_BUCKET: reach.archive.bucketName,
    ALERTS_TOPIC_ARN: reach.alerts.topicArn,
    BROKER_SECRET_ARN: reach.broker.secretArn,
    BROKER_URL: reach.brokerUrl,
  }) as const;

/** Lets a function reconcile: settle orders with the broker, and keep aside a damaged account. */
export const grantReconciling = (grantee: GuardedFunction, reach: AccountReach): void => {
  const { tables } = reach.platform.keys;
  reach.ledger.grantReadWrite(grantee, tables);
  reach.telemetry.grantReadWrite(grantee, tables);
  reach.alerts.grantAlert(grantee);
  reach.archive.grantKeepAside(grantee);
  reach.broker.grantValue(grantee);
};
