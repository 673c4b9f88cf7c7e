import { createBucketLockedStore } from "../../adapters/aws/bucket-locked-store.ts";
import { createHostClock } from "../../adapters/host/clock.ts";
import { sha256 } from "../../adapters/host/digest.ts";
import { createHostPause } from "../../adapters/host/pause.ts";
import { createHostRandom } from "../../adapters/host/random.ts";
import { createHttpClient } from "../../adapters/http/http-client.ts";
import { createStoredAuditHeads } from "../../adapters/stored/audit-heads.ts";
import { createStoredAuditRecords } from "../../adapters/stored/audit-records.ts";
import type { Settings } from "../../domain/settings.ts";
import type { AuditHeads } from "../../ports/audit-heads.ts";
import type { AuditRecords } from "../../ports/audit-records.ts";
import type { AuditTrail } from "../../ports/audit-trail.ts";
import { createRecordAudit } from "../../use-cases/audit/record-audit.ts";
import { createLedgerItems } from "./tables.ts";

type LedgerEnvironment = { readonly HOLDFAST_REGION: string; readonly LEDGER_TABLE: string };

/** No record is larger than 16 KiB, and no page of a list than 1 MiB. */
const ANSWER_BYTES_MAX = 2 * 1024 * 1024;

/** The ends of audit chains, which lie in the ledger's table. */
export const createAuditHeads = (environment: LedgerEnvironment): AuditHeads =>
  createStoredAuditHeads(createLedgerItems(environment));

/** Records what a function does; it needs the ledger's table and nothing else. */
export const createAuditTrail = (environment: LedgerEnvironment, settings: Settings): AuditTrail =>
  createRecordAudit({
    heads: createAuditHeads(environment),
    clock: createHostClock(),
    pause: createHostPause(),
    random: createHostRandom(),
    digest: sha256,
    settings,
  });

/** The audit's records in the Region's locked bucket, and in what the other's was copied into. */
export const connectAuditRecords = (
  environment: {
    readonly HOLDFAST_REGION: string;
    readonly LOCKED_BUCKET: string;
    readonly COPIES_BUCKET?: string | undefined;
  },
  { account }: Pick<Settings, "account">,
): AuditRecords => {
  const clock = createHostClock();
  const http = createHttpClient({ clock }, { answerBytesMax: ANSWER_BYTES_MAX });
  const region = environment.HOLDFAST_REGION;
  const open = (bucket: string) => createBucketLockedStore({ http, clock, region, bucket });
  const { LOCKED_BUCKET: locked, COPIES_BUCKET: copies } = environment;
  return createStoredAuditRecords({
    account,
    own: open(locked),
    copies: copies === undefined ? undefined : open(copies),
  });
};
