import { join } from "node:path";
import { createSqliteRestoreTarget } from "../../shared/adapters/sqlite/restore-target.ts";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import {
  createRestoreLedger,
  type RestoredLedger,
  type RestoreProgress,
} from "../../shared/use-cases/restore-ledger.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { RestoreTarget } from "../../shared/ports/restore-target.ts";
import { noteRestoreOf } from "../../local/world/world-backups.ts";
import { readWorldFile } from "../../local/world/world-file.ts";
import { findRunningWorld } from "../../local/world/world-process.ts";
import { requireConfiguration } from "../read-configuration.ts";
import { usageFault, VerbFault, type ExitCode, type VerbContext, type VerbInput } from "../verb.ts";
import { type BackupPlace, openBackupPlace, readAccepted, readMoment } from "./backup-place.ts";
import { confirm } from "./confirm.ts";
import { openRestoreTable } from "./restore-table.ts";

/** The local world's own. */
const OWN_TABLE = "holdfast";

/** Restores into a new table; 0 once it is there, 2 where nothing was restored. */
export const reportRestore = async (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  const to = readTable(input.options["to"]);
  const wish = {
    atMs: readMoment(input.options["at"]),
    epochFloor: readEpoch(input.options["epochAbove"]),
    accepted: readAccepted(input.options["accept"]),
    region: readRegion(input.options["tradesIn"]),
  };
  const { account } = requireConfiguration(String(input.options["config"]), context.environment);
  const place = openBackupPlace(input, context);
  const clock = createHostClock();
  const startedAtMs = clock.monotonicMs();
  try {
    const target = targetOf(input, place, to);
    await confirm(input, context, `Restore the ledger of ${account} into the new table ${to}?`);
    const { backups, region } = place;
    const restored = await createRestoreLedger({
      backups,
      target,
      account,
      region,
      digest: sha256,
      auditRecords: place.auditRecordsOf(account),
      noteRestore: noteRestoreOf(account, region, worldClockOf(input)),
      // In a deployment it is the stacks that say which table is used: later, and by hand.
      takesPlace: place.bucket === undefined ? to === OWN_TABLE : input.options["adopt"] === true,
      onProgress: progressOf(input, context),
    })(wish);
    if (context.isTerminal && !input.isJson) context.writeError("\r\u001b[K");
    if (!restored.ok) {
      if (input.isJson) context.write(`${JSON.stringify({ ok: false, flaw: restored.error })}\n`);
      throw new VerbFault(`${restored.error.detail} Nothing was restored.`);
    }
    const seconds = (clock.monotonicMs() - startedAtMs) / 1_000;
    context.write(
      input.isJson
        ? `${JSON.stringify({ ok: true, ...restored.value, seconds })}\n`
        : describe(restored.value, place, seconds),
    );
    return 0;
  } finally {
    place.close();
  }
};

/** A file of the local world, or a table of DynamoDB; both are made here or refused. */
const targetOf = (input: VerbInput, place: BackupPlace, to: string): RestoreTarget => {
  if (place.bucket !== undefined) return openRestoreTable(to, place.region, input);
  const state = String(input.options["state"]);
  const running = findRunningWorld(state);
  if (running !== undefined) {
    throw new VerbFault(
      `Process ${running} holds ${state}: a world that trades on its own ledger. Stop it first.`,
    );
  }
  return createSqliteRestoreTarget(join(state, `${to}.db`), to, worldClockOf(input));
};

/** A world's time stands still while it is stopped; a deployment's is the host's. */
const worldClockOf = ({ options }: VerbInput): Clock => {
  const host = createHostClock();
  if (options["bucket"] !== undefined) return host;
  const record = readWorldFile(join(String(options["state"]), "world.json"));
  const worldMs = record.ok ? record.value?.timeMs : undefined;
  return worldMs === undefined ? host : { ...host, nowMs: () => worldMs };
};

const readTable = (value: string | boolean | undefined): string => {
  if (typeof value === "string" && /^[A-Za-z0-9][A-Za-z0-9_.-]{1,99}$/.test(value)) return value;
  throw usageFault("--to takes the name of a new table, of letters, digits and - _ . alone.");
};

const readEpoch = (value: string | boolean | undefined): number => {
  const epoch = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isSafeInteger(epoch)) return epoch;
  throw usageFault(`--epoch-above takes a whole number, not ${String(value)}.`);
};

/** The Region that is to have the account; the one of the backup where it is left out. */
const readRegion = (value: string | boolean | undefined): string | undefined => {
  if (value === undefined) return undefined;
  if (typeof value === "string" && /^[a-z]{2}(-[a-z]+)+-\d$/.test(value)) return value;
  throw usageFault(`--trades-in takes a Region such as us-east-2, not ${String(value)}.`);
};

/** Where it is: on a terminal one line that changes, else one line for each tenth. */
const progressOf = (
  { isJson }: VerbInput,
  context: VerbContext,
): ((progress: RestoreProgress) => void) => {
  let tenth = -1;
  return ({ step, filesDone, filesTotal, items }) => {
    const words =
      step === "checking"
        ? `Checking what ${items} items mean.`
        : `${filesDone} of ${filesTotal} files, ${items} items.`;
    if (context.isTerminal && !isJson) context.writeError(`\r\u001b[K${words}`);
    else {
      const now = step === "reading" ? Math.floor((filesDone / filesTotal) * 10) : 10;
      if (now > tenth || step === "checking") context.writeError(`${words}\n`);
      tenth = now;
    }
  };
};

const describe = (restored: RestoredLedger, place: BackupPlace, seconds: number): string => {
  const { table, asOfMs, links, items, orders, epoch, audit } = restored;
  const state =
    `It begins with epoch ${epoch} and exits only; reconciliation takes up what the broker ` +
    "did since, and `resume` trades again once both agree.";
  const chain =
    audit === null || audit.left === 0
      ? `The audit goes on behind record ${audit?.sequence ?? 0}.`
      : `The audit proves itself up to record ${audit.sequence} only: ${audit.left} records stand ` +
        "behind a flaw. Run `audit verify` before anybody resumes.";
  const next =
    place.bucket === undefined
      ? ""
      : `Nothing uses it yet: deploy with -c restoredLedger=${table}, as ` +
        "docs/recovery/restored-ledger.md says.\n";
  return (
    `${table} holds the ledger as of ${new Date(asOfMs).toISOString()}: ${links} exports, ` +
    `${items} items, ${orders} orders, in ${seconds.toFixed(1)} s.\n${chain}\n${state}\n${next}`
  );
};
