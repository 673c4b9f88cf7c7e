import { createBackOff } from "../../adapters/aws/back-off.ts";
import { createBucketBackupFiles } from "../../adapters/aws/bucket-backup-files.ts";
import { createDynamoClient } from "../../adapters/aws/clients.ts";
import { createDynamoRestoreTarget } from "../../adapters/aws/restore-target.ts";
import { createDynamoExports } from "../../adapters/aws/table-exports.ts";
import { createStoredBackups } from "../../adapters/backup/stored-backups.ts";
import { createHostClock } from "../../adapters/host/clock.ts";
import { createHostRandom } from "../../adapters/host/random.ts";
import { createHttpClient } from "../../adapters/http/http-client.ts";
import { createStoredBackupRecords } from "../../adapters/stored/backup-records.ts";
import { ARCHIVE_POLICY, DYNAMODB_POLICY } from "../../domain/backup/plan-backup.ts";
import type { BackupFiles } from "../../ports/backup-files.ts";
import type { BackupRecords } from "../../ports/backup-records.ts";
import type { Backups } from "../../ports/backups.ts";
import type { RestoreTarget } from "../../ports/restore-target.ts";
import type { TableExports } from "../../ports/table-exports.ts";
import type { BackUpDeps } from "../../use-cases/back-up.ts";
import { createTelemetryItems } from "./tables.ts";

type RegionEnvironment = { readonly HOLDFAST_REGION: string };

/** The ledger's exports stand under its own word, whatever its table is called. */
const LEDGER = "ledger";
const TELEMETRY = "telemetry";
/** DynamoDB writes data files of some hundred megabytes at most for a ledger of ours. */
const ANSWER_BYTES_MAX = 512 * 1024 * 1024;

/** The chain of the ledger's exports in the Region's locked bucket, and what else is kept there. */
export const connectBackups = (
  environment: RegionEnvironment & { readonly LOCKED_BUCKET: string },
  table = LEDGER,
): { readonly backups: Backups; readonly files: BackupFiles } => {
  const clock = createHostClock();
  const http = createHttpClient({ clock }, { answerBytesMax: ANSWER_BYTES_MAX });
  const { HOLDFAST_REGION: region, LOCKED_BUCKET: bucket } = environment;
  const files = createBucketBackupFiles({ http, clock, region, bucket });
  return { backups: createStoredBackups(files, table), files };
};

type ExportsEnvironment = RegionEnvironment & {
  readonly LEDGER_TABLE_ARN: string;
  readonly TELEMETRY_TABLE_ARN: string;
  readonly LOCKED_BUCKET: string;
  readonly LOCKED_KEY_ARN: string;
};

/** Has DynamoDB export the ledger into that bucket. */
export const connectTableExports = (
  environment: ExportsEnvironment,
): Pick<BackUpDeps, "backups" | "exports" | "policy"> => ({
  ...connectExports(environment, LEDGER, environment.LEDGER_TABLE_ARN),
  policy: DYNAMODB_POLICY,
});

/** Has DynamoDB export telemetry beside it: the archive of ticks and of what was decided on them. */
export const connectArchiveExports = (
  environment: ExportsEnvironment,
): Pick<BackUpDeps, "backups" | "exports" | "policy"> => ({
  ...connectExports(environment, TELEMETRY, environment.TELEMETRY_TABLE_ARN),
  policy: ARCHIVE_POLICY,
});

const connectExports = (
  environment: ExportsEnvironment,
  table: string,
  tableArn: string,
): { readonly backups: Backups; readonly exports: TableExports } => {
  const { backups, files } = connectBackups(environment, table);
  const exports = createDynamoExports({
    files,
    client: createDynamoClient({ region: environment.HOLDFAST_REGION }),
    clock: createHostClock(),
    tableArn,
    table,
    bucket: environment.LOCKED_BUCKET,
    keyArn: environment.LOCKED_KEY_ARN,
  });
  return { backups, exports };
};

/** The record of restore tests, which lies in the telemetry table. */
export const createBackupRecordTable = (
  environment: RegionEnvironment & { readonly TELEMETRY_TABLE: string },
): BackupRecords =>
  createStoredBackupRecords(createTelemetryItems(environment), {
    region: environment.HOLDFAST_REGION,
  });

/** Temporary tables of restore tests. */
export const createTestTables = (
  environment: RegionEnvironment & { readonly TABLES_KEY_ARN: string },
): ((name: string) => RestoreTarget) => {
  const client = createDynamoClient({ region: environment.HOLDFAST_REGION });
  const backOff = createBackOff(createHostRandom());
  const keyArn = environment.TABLES_KEY_ARN;
  return (name) => createDynamoRestoreTarget({ client, name, keyArn, backOff, mayExist: true });
};
