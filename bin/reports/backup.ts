import { createMemoryRestoreTarget } from "../../shared/adapters/backup/recorded-items.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { BackupBody } from "../../shared/adapters/holdfast-api/contract/backup.ts";
import type { BackupLink } from "../../shared/domain/backup/backup-link.ts";
import { readChain } from "../../shared/use-cases/read-chain.ts";
import { createRestoreLedger } from "../../shared/use-cases/restore-ledger.ts";
import { createBackUp } from "../../shared/use-cases/back-up.ts";
import { createWorldBackups, LEDGER_TABLE } from "../../local/world/world-backups.ts";
import { openStateDirectory } from "../../local/world/state-directory.ts";
import { readWorldFile } from "../../local/world/world-file.ts";
import { requireConfiguration } from "../read-configuration.ts";
import { VerbFault, type ExitCode, type VerbContext, type VerbInput } from "../verb.ts";
import { type BackupPlace, openBackupPlace, readAccepted, readMoment } from "./backup-place.ts";
import { paletteOf, table } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

/** Lists, makes or verifies backups; 0 if all is well, 1 where nothing was due, 2 for a flaw. */
export const reportBackup = (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  const [action] = input.arguments;
  if (action === "now") return backUpNow(input, context);
  return action === "verify" ? verify(input, context) : list(input, context);
};

const list = async (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  const isArchive = input.options["archive"] === true;
  const place = openBackupPlace(input, context, isArchive ? "telemetry" : LEDGER_TABLE);
  try {
    const links = await readChain({ backups: place.backups, digest: sha256 });
    if (!links.ok) throw new VerbFault(links.error.detail);
    if (input.isJson) {
      const body = { place: place.name, table: place.backups.table, exports: links.value };
      context.write(`${JSON.stringify(body, undefined, 2)}\n`);
    } else context.write(describe(links.value, place, context));
    return links.value.length === 0 ? 1 : 0;
  } finally {
    place.close();
  }
};

const COLUMNS = [
  { title: "number", align: "right" },
  { title: "kind", align: "left" },
  { title: "from", align: "left" },
  { title: "as of", align: "left" },
  { title: "items", align: "right" },
  { title: "export", align: "left" },
] as const;

const describe = (
  links: readonly BackupLink[],
  { name, backups }: BackupPlace,
  context: VerbContext,
): string => {
  const what = backups.table === LEDGER_TABLE ? "the ledger" : backups.table;
  const head = `${links.length} ${links.length === 1 ? "export" : "exports"} of ${what} in ${name}\n`;
  if (links.length === 0) return head;
  const rows = links.map((link) => [
    link.number.toString(),
    link.kind,
    link.kind === "full" ? "" : timeOf(link.fromMs),
    timeOf(link.toMs),
    link.itemCount.toString(),
    link.exportId,
  ]);
  return head + table(COLUMNS, rows, paletteOf(context));
};

const timeOf = (atMs: number): string => new Date(atMs).toISOString();

/** Asks whoever runs; a world that is stopped is exported by the verb itself. */
const backUpNow = async (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  const stopped = input.options["bucket"] === undefined ? exportStopped(input) : undefined;
  if (stopped !== undefined) {
    const body = await stopped;
    context.write(input.isJson ? `${JSON.stringify(body)}\n` : `${body.detail}\n`);
    return 0;
  }
  return withApi<ExitCode>(input, context, async (api) => {
    const { body, text } = orFail(await api.change("/api/backups/now", {}, BackupBody));
    context.write(input.isJson ? `${text}\n` : `${body.detail}\n`);
    if (body.state === "broken" || body.state === "failed") return 2;
    return body.state === "linked" ? 0 : 1;
  });
};

/** Exports from a store that nobody has open; `undefined` where a world runs or none was here. */
const exportStopped = (input: VerbInput): Promise<{ readonly detail: string }> | undefined => {
  const path = String(input.options["state"]);
  const hostMs = createHostClock().nowMs();
  const opened = openStateDirectory({ path, isFresh: false, hostMs, mustExist: true });
  if (!opened.ok) return undefined;
  const { store, worldFile } = opened.value;
  const record = readWorldFile(worldFile);
  // A world's time goes on where its record says; the vendors' time is the host's.
  const nowMs = record.ok && record.value !== undefined ? record.value.timeMs : hostMs;
  const clock = { nowMs: () => nowMs };
  const run = async () => {
    try {
      const deps = { ...createWorldBackups(path, store, clock), clock, digest: sha256 };
      const made = await createBackUp(deps)({ isAsked: true });
      if (!made.ok) throw new VerbFault(made.error.detail);
      return made.value;
    } finally {
      store.close();
    }
  };
  return run();
};

/** Rebuilds aside, in memory, and says what it found. */
const verify = async (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  const { account } = requireConfiguration(String(input.options["config"]), context.environment);
  const place = openBackupPlace(input, context);
  const clock = createHostClock();
  const startedAtMs = clock.monotonicMs();
  try {
    const target = createMemoryRestoreTarget({
      name: "memory",
      isTrusted: false,
      commit: () => undefined,
    });
    const { backups, region } = place;
    const auditRecords = place.auditRecordsOf(account);
    const deps = { backups, target, account, region, digest: sha256, auditRecords };
    const restore = createRestoreLedger(deps);
    const verified = await restore({
      atMs: readMoment(input.options["at"]),
      epochFloor: 0,
      accepted: readAccepted(input.options["accept"]),
    });
    if (!verified.ok) {
      if (input.isJson) context.write(`${JSON.stringify({ ok: false, flaw: verified.error })}\n`);
      throw new VerbFault(verified.error.detail);
    }
    const seconds = (clock.monotonicMs() - startedAtMs) / 1_000;
    const { asOfMs, links, items, orders } = verified.value;
    const body = { ok: true, place: place.name, asOfMs, links, items, orders, seconds };
    context.write(
      input.isJson
        ? `${JSON.stringify(body)}\n`
        : `The backups of ${place.name} are whole as of ${timeOf(asOfMs)}: ${links} exports, ` +
            `${items} items, ${orders} orders, read and checked in ${seconds.toFixed(1)} s.\n`,
    );
    return 0;
  } finally {
    place.close();
  }
};
