import { join } from "node:path";
import { createBucketBackupFiles } from "../../shared/adapters/aws/bucket-backup-files.ts";
import { createBucketLockedStore } from "../../shared/adapters/aws/bucket-locked-store.ts";
import { createStoredBackups } from "../../shared/adapters/backup/stored-backups.ts";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { createHttpClient } from "../../shared/adapters/http/http-client.ts";
import { createStoredAuditRecords } from "../../shared/adapters/stored/audit-records.ts";
import { parseQuantity } from "../../shared/domain/market/quantity.ts";
import type { FoldedFills } from "../../shared/domain/backup/check-positions.ts";
import type { AuditRecords } from "../../shared/ports/audit-records.ts";
import type { Backups } from "../../shared/ports/backups.ts";
import { auditRecordsOf, backupFilesOf, LEDGER_TABLE } from "../../local/world/world-backups.ts";
import { usageFault, type VerbContext, type VerbInput } from "../verb.ts";

/** Data files of DynamoDB's exports; a table of ours is far from one that has larger ones. */
const ANSWER_BYTES_MAX = 1_000_000_000;

/** Where backups are read from, in words and as a port. */
export type BackupPlace = {
  readonly name: string;
  readonly bucket: string | undefined;
  readonly region: string;
  readonly backups: Backups;
  /** What nobody can change of an account's audit: it tells of epochs that no backup has. */
  readonly auditRecordsOf: (account: string) => AuditRecords;
  readonly close: () => void;
};

/** The backups that a verb is about: those of a bucket, or of the local world. */
export const openBackupPlace = (
  { options }: VerbInput,
  { environment }: VerbContext,
  table = LEDGER_TABLE,
): BackupPlace => {
  const { bucket } = options;
  const region = String(options["region"] ?? "us-east-2");
  if (typeof bucket !== "string") {
    const state = String(options["state"]);
    const backups = createStoredBackups(backupFilesOf(state), table);
    const name = join(state, "backups");
    return {
      name,
      bucket: undefined,
      region: "local",
      backups,
      auditRecordsOf: (account) => auditRecordsOf(state, account),
      close: () => undefined,
    };
  }
  const accessKeyId = environment["AWS_ACCESS_KEY_ID"] ?? "";
  if (accessKeyId === "") {
    throw usageFault("--bucket needs AWS credentials: AWS_ACCESS_KEY_ID and what goes with it.");
  }
  const clock = createHostClock();
  const http = createHttpClient({ clock }, { answerBytesMax: ANSWER_BYTES_MAX });
  const endpoint = environment["AWS_ENDPOINT_URL_S3"];
  const reach = { http, clock, region, ...(endpoint === undefined ? {} : { endpoint }) };
  const { copies } = options;
  const there = secondBucketOf(options);
  const elsewhere = there && createBucketLockedStore({ ...reach, ...there });
  return {
    name: bucket,
    bucket,
    region,
    backups: createStoredBackups(createBucketBackupFiles({ ...reach, bucket }), table),
    auditRecordsOf: (account) =>
      createStoredAuditRecords({
        account,
        own: createBucketLockedStore({ ...reach, bucket }),
        copies:
          typeof copies === "string"
            ? createBucketLockedStore({ ...reach, bucket: copies })
            : undefined,
        elsewhere,
      }),
    close: http.close,
  };
};

/** What stands for the bucket of a Region that answers nobody. */
const NO_BUCKET = "none";

/**
 * The second Region's own bucket. A ledger that takes the lost one's place must say where that is:
 * an audit that goes on without what is locked there would be forked.
 */
const secondBucketOf = ({
  second,
  secondBucket,
  adopt,
}: VerbInput["options"]): { readonly region: string; readonly bucket: string } | undefined => {
  if (typeof second !== "string") {
    if (secondBucket === undefined) return undefined;
    throw usageFault("--second-bucket needs --second, the Region that it is in.");
  }
  if (typeof secondBucket === "string") {
    return secondBucket === NO_BUCKET ? undefined : { region: second, bucket: secondBucket };
  }
  if (adopt !== true) return undefined;
  throw usageFault(
    `--adopt with --second needs --second-bucket, that Region's own locked bucket; ` +
      `"${NO_BUCKET}" where it answers nobody.`,
  );
};

/** Reads `--at`; far ahead where it is left out, which is the newest backup. */
export const readMoment = (value: string | boolean | undefined): number => {
  if (typeof value !== "string") return Number.MAX_SAFE_INTEGER;
  const atMs = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isFinite(atMs)) return atMs;
  throw usageFault(`--at takes a moment such as 2026-11-20T15:00:00Z, not ${value}.`);
};

/** Reads `--accept IBM=5,MSFT=-2` into billionths of a share. */
export const readAccepted = (value: string | boolean | undefined): FoldedFills => {
  if (typeof value !== "string") return {};
  const pairs = value.split(",").map((pair): readonly [string, number] => {
    const [symbol = "", shares = ""] = pair.trim().split("=");
    const quantity = parseQuantity(shares);
    if (symbol !== "" && quantity !== undefined) return [symbol, quantity];
    throw usageFault(`--accept takes shares by symbol, such as IBM=5, not ${pair.trim()}.`);
  });
  return Object.fromEntries(pairs);
};
