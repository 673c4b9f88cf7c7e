import { type BackupFlaw, flawOf } from "../domain/backup/backup-flaw.ts";
import type { BackupLink } from "../domain/backup/backup-link.ts";
import type { FoldedFills } from "../domain/backup/check-positions.ts";
import { parseSessionDate } from "../domain/market/session-date.ts";
import { err, ok, type Result } from "../domain/result.ts";
import { RetryableError } from "../domain/fault.ts";
import type { AuditRecords } from "../ports/audit-records.ts";
import type { Backups } from "../ports/backups.ts";
import type { Clock } from "../ports/clock.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { RestoreTarget } from "../ports/restore-target.ts";
import { checkAnchor } from "./check-anchor.ts";
import {
  checkFolded,
  checkSessions,
  NOTHING_CHECKED,
  type RestoredCheck,
  sessionsOf,
} from "./check-restored.ts";
import { type PlannedFile, planFiles } from "./plan-files.ts";
import { readChainOf, readChainUntil } from "./read-chain.ts";
import { partitionOf } from "./restore-ledger.ts";

/** How far a restore test has come: plain data that its workflow hands from slice to slice. */
export type RestoreTest = {
  /** `load`: files are read into the table. `check`: sessions are read back. */
  readonly phase: "load" | "check" | "compare" | "done";
  readonly table: string;
  readonly startedAtMs: number;
  /** The moment of which the rebuilt ledger is. */
  readonly asOfMs: number;
  readonly links: number;
  /** The digest of the newest link that is rebuilt; empty before there is one. */
  readonly lastLink: string;
  readonly filesTotal: number;
  readonly filesDone: number;
  readonly items: number;
  readonly partitions: readonly string[];
  readonly check: RestoredCheck;
  /** Orders that were compared with the live ledger. */
  readonly compared: number;
  readonly flaws: readonly BackupFlaw[];
};

/** What a restore test needs. */
export type VerifyRestoreDeps = {
  readonly backups: Backups;
  readonly digest: (text: string) => string;
  /** The temporary table of this name; a second call goes on with what the first one has made. */
  readonly targetOf: (table: string) => RestoreTarget;
  /** The ledger that trades, read strongly and never written. */
  readonly live: Pick<Ledger, "loadCell" | "loadEvents">;
  readonly auditRecords?: AuditRecords | undefined;
  readonly clock: Clock;
  readonly account: string;
  /** Shares held without a fill of ours, as a person has accepted them. */
  readonly accepted: FoldedFills;
};

/** The steps of a restore test; each may be repeated. */
export type VerifyRestore = {
  readonly begin: (table: string) => Promise<RestoreTest>;
  /** Goes on while `hasTime`; to be called again until its phase is `done`. */
  readonly goOn: (test: RestoreTest, hasTime: () => boolean) => Promise<RestoreTest>;
  readonly cleanUp: (table: string) => Promise<void>;
};

/** Orders that are compared with the live ledger, the newest of as many sessions. */
const SESSIONS_COMPARED = 5;
const ORDERS_COMPARED = 20;

/** Makes the steps. What is wrong with a backup is a flaw in the test; only faults are thrown. */
export const createVerifyRestore = (deps: VerifyRestoreDeps): VerifyRestore => ({
  begin: (table) => begin(deps, table),
  goOn: async (test, hasTime) => {
    let current = test;
    // Each phase ends or runs out of time; three of them are all there are.
    for (let step = 0; step < PHASES && hasTime() && current.phase !== "done"; step++) {
      const isLate = deps.clock.nowMs() - current.startedAtMs > TEST_MS_MAX;
      current = isLate ? failed(current, tooLate(current)) : await advance(deps, current, hasTime);
    }
    return current;
  },
  cleanUp: (table) => deps.targetOf(table).discard(),
});

const PHASES = 3;
/**
 * A test that takes longer has failed: a real restore would. The workflow lasts an hour more, so
 * that it always comes to its report and to taking the table away.
 */
const TEST_MS_MAX = 2 * 60 * 60_000;

const tooLate = ({ table, filesDone, filesTotal }: RestoreTest): BackupFlaw =>
  flawOf(
    "refused",
    table,
    `The test was given up after two hours, with ${filesDone} of ${filesTotal} files rebuilt.`,
  );

const begin = async (deps: VerifyRestoreDeps, table: string): Promise<RestoreTest> => {
  const startedAtMs = deps.clock.nowMs();
  const blank: RestoreTest = {
    phase: "done",
    table,
    startedAtMs,
    asOfMs: 0,
    links: 0,
    lastLink: "",
    filesTotal: 0,
    filesDone: 0,
    items: 0,
    partitions: [],
    check: NOTHING_CHECKED,
    compared: 0,
    flaws: [],
  };
  const planned = await plan(deps, await readChainUntil(deps, Number.MAX_SAFE_INTEGER));
  if (!planned.ok) return { ...blank, flaws: [planned.error] };
  const { asOfMs, links, lastLink, files } = planned.value;
  const created = await deps.targetOf(table).create();
  return created.ok
    ? { ...blank, phase: "load", asOfMs, links, lastLink, filesTotal: files.length }
    : { ...blank, flaws: [flawOf("refused", table, created.error.detail)] };
};

/** A chain and its files: read anew by each slice, so that nothing is trusted. */
const plan = async (
  deps: VerifyRestoreDeps,
  links: Result<readonly BackupLink[], BackupFlaw>,
): Promise<
  Result<
    {
      readonly asOfMs: number;
      readonly links: number;
      readonly lastLink: string;
      readonly files: readonly PlannedFile[];
    },
    BackupFlaw
  >
> => {
  if (!links.ok) return links;
  const files = await planFiles(deps, links.value);
  if (!files.ok) return files;
  const last = links.value.at(-1);
  return ok({
    asOfMs: last?.toMs ?? 0,
    links: links.value.length,
    lastLink: last?.digest ?? "",
    files: files.value,
  });
};

const advance = (
  deps: VerifyRestoreDeps,
  test: RestoreTest,
  hasTime: () => boolean,
): Promise<RestoreTest> => {
  switch (test.phase) {
    case "load":
      return load(deps, test, hasTime);
    case "check":
      return check(deps, test, hasTime);
    case "compare":
      return compare(deps, test);
    case "done":
      return Promise.resolve(test);
  }
};

const failed = (test: RestoreTest, ...flaws: readonly BackupFlaw[]): RestoreTest => ({
  ...test,
  phase: "done",
  flaws: [...test.flaws, ...flaws],
});

const load = async (
  deps: VerifyRestoreDeps,
  test: RestoreTest,
  hasTime: () => boolean,
): Promise<RestoreTest> => {
  // An export that lands between two slices must not change the files that are counted.
  const planned = await plan(deps, await readChainOf(deps, test.lastLink));
  if (!planned.ok) return failed(test, planned.error);
  const target = deps.targetOf(test.table);
  const partitions = new Set(test.partitions);
  let { filesDone, items } = test;
  for (const [kind, file] of planned.value.files.slice(test.filesDone)) {
    if (!hasTime()) break;
    const changes = await deps.backups.readFile(kind, file);
    if (!changes.ok) return failed({ ...test, filesDone, items }, changes.error);
    await target.apply(changes.value);
    for (const change of changes.value) partitions.add(partitionOf(change));
    filesDone += 1;
    items += changes.value.length;
  }
  const isLoaded = filesDone >= test.filesTotal;
  const next = { ...test, filesDone, items, partitions: [...partitions].toSorted() };
  return isLoaded ? { ...next, phase: "check" } : next;
};

const check = async (
  deps: VerifyRestoreDeps,
  test: RestoreTest,
  hasTime: () => boolean,
): Promise<RestoreTest> => {
  const { ledger, heads } = await deps.targetOf(test.table).open();
  const checking = { ledger, account: deps.account, digest: deps.digest };
  const read = await checkSessions(checking, test.partitions, test.check, hasTime);
  const next = { ...test, check: read.check };
  if (read.flaws.length > 0) return failed(next, ...read.flaws);
  if (read.check.sessions < sessionsOf(test.partitions, deps.account).length) return next;
  const flaws = [
    ...(await checkFolded(checking, read.check, deps.accepted)),
    ...(await checkAnchor({ heads, records: deps.auditRecords, account: deps.account })),
  ];
  return flaws.length > 0 ? failed(next, ...flaws) : { ...next, phase: "compare" };
};

/** The live ledger has gone on since: what was restored must be its beginning. */
const compare = async (deps: VerifyRestoreDeps, test: RestoreTest): Promise<RestoreTest> => {
  const { ledger } = await deps.targetOf(test.table).open();
  const flaws: BackupFlaw[] = [];
  let compared = 0;
  const sessions = sessionsOf(test.partitions, deps.account).slice(-SESSIONS_COMPARED);
  for (const partition of sessions) {
    const digits = partition.slice(-8);
    const text = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
    const date = parseSessionDate(text);
    if (date === undefined) continue;
    const orders = orThrow(await ledger.listOrders(deps.account, date, ORDERS_COMPARED));
    for (const { intent } of orders) {
      const { clientOrderId } = intent;
      const restored = orThrow(await ledger.loadEvents(clientOrderId));
      const live = orThrow(await deps.live.loadEvents(clientOrderId));
      compared += 1;
      const isBeginning =
        JSON.stringify(live.slice(0, restored.length)) === JSON.stringify(restored);
      if (isBeginning) continue;
      const detail = `The live history of ${clientOrderId} does not begin as the restored one.`;
      flaws.push(flawOf("meaning", clientOrderId, detail));
    }
  }
  const cell = orThrow(await ledger.loadCell(deps.account));
  const live = orThrow(await deps.live.loadCell(deps.account));
  if (cell !== undefined && (live === undefined || live.version < cell.version)) {
    const detail = "The live cell is older than the restored one.";
    flaws.push(flawOf("meaning", `cell#${deps.account}`, detail));
  }
  return { ...failed(test, ...flaws), compared };
};

const orThrow = <Value>(result: Result<Value, { readonly detail: string }>): Value => {
  if (result.ok) return result.value;
  throw new RetryableError(`A ledger was not read: ${result.error.detail}`);
};

/** What came of a test, for who reads the report: an error names the first flaw. */
export const verdictOf = (test: RestoreTest): Result<string, string> => {
  const [flaw] = test.flaws;
  if (flaw !== undefined) return err(flaw.detail);
  if (test.phase !== "done") return err("The test did not come to its end.");
  const asOf = new Date(test.asOfMs).toISOString();
  return ok(`${test.items} items and ${test.check.orders} orders are whole as of ${asOf}.`);
};
