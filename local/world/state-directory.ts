import { existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "../../shared/adapters/host/file-errors.ts";
import { makeDirectory } from "../../shared/adapters/host/make-directory.ts";
import type { DatabaseFault } from "../../shared/adapters/sqlite/database-fault.ts";
import { openDatabase, type Database } from "../../shared/adapters/sqlite/database.ts";
import { err, ok, type Result } from "../../shared/domain/result.ts";
import { POLICY_KEY_FILE } from "./policy-key.ts";
import { noteProcess, PROCESS_FILE } from "./world-process.ts";

/** The folder in which a local world keeps everything, held by this process alone. */
export type StateDirectory = {
  readonly path: string;
  /** Where what was there before was put; `undefined` unless that was asked for. */
  readonly movedAsideTo: string | undefined;
  /** Our own store: ledger, telemetry, queues. Open until the process ends or it is closed. */
  readonly store: Database;
  /** The broker's side: what the simulated exchange remembers. */
  readonly exchangeFile: string;
  /** The world's time and what it was made with. */
  readonly worldFile: string;
};

/** The folder cannot be used; the sentence says why and what to do. */
export type StateRefused = { readonly type: "StateRefused"; readonly sentence: string };

/** What to open, and what a copy that is kept aside is named after. */
export type StateDirectoryOptions = {
  readonly path: string;
  /** Begin anew; what is there is moved aside, never deleted. */
  readonly isFresh: boolean;
  /** Epoch ms of the host. */
  readonly hostMs: number;
  /** Refuse where no store is there, rather than begin one. */
  readonly mustExist?: boolean;
};

const STORE_FILE = "holdfast.db";
const EXCHANGE_FILE = "exchange.db";
const WORLD_FILE = "world.json";
/**
 * What another world backed up, archived, sealed and had not recorded yet: its ledger is not to be
 * restored into this one, its audit is no chain of this one, and its prices are others.
 */
const FOLDERS = ["backups", "archive", "locked", "temporary"];
/** What every world leaves in the directory, and the next one there uses. */
const STAYING = [POLICY_KEY_FILE, PROCESS_FILE];
const ELSEWHERE = "name another with --state DIR.";
const WAY_OUT =
  "begin anew with --fresh, which keeps it aside, or name another directory with --state DIR.";
const DATABASES = [STORE_FILE, EXCHANGE_FILE];
const FILES = [...DATABASES.flatMap((name) => [name, `${name}-wal`, `${name}-shm`]), WORLD_FILE];

/** Opens the folder, made if need be. The open store keeps every other process out of it. */
export const openStateDirectory = (
  options: StateDirectoryOptions,
): Result<StateDirectory, StateRefused> => {
  const { path } = options;
  if (options.mustExist === true && !existsSync(join(path, STORE_FILE))) {
    return refuse(`There is no store in ${path}.`);
  }
  const unusable = prepareFolder(path);
  if (unusable !== undefined) return refuse(unusable);
  const moved = options.isFresh ? moveAside(options) : ok(undefined);
  if (!moved.ok) return moved;
  if (hasLostRecord(path)) return refuse(lostRecord(path));
  const store = openDatabase(join(path, STORE_FILE));
  if (!store.ok) return refuse(describeFault(store.error, path));
  noteProcess(path);
  return ok({
    path,
    movedAsideTo: moved.value,
    store: store.value,
    exchangeFile: join(path, EXCHANGE_FILE),
    worldFile: join(path, WORLD_FILE),
  });
};

/** Makes the folder if need be; returns the sentence that says why it cannot be used. */
const prepareFolder = (path: string): string | undefined => {
  try {
    makeDirectory(path);
  } catch (error) {
    return `The state directory ${path} cannot be made (${whyOf(error)}); ${ELSEWHERE}`;
  }
  return statSync(path).isDirectory()
    ? undefined
    : `The state directory ${path} is a file; ${ELSEWHERE}`;
};

/** Moves every file of the world into a folder beside it, named after the moment. */
const moveAside = ({
  path,
  hostMs,
}: StateDirectoryOptions): Result<string | undefined, StateRefused> => {
  const isThere = (name: string): boolean => existsSync(join(path, name));
  // Anybody may have a folder of such a name: where no file is a world's, no folder is either.
  if (![...FILES, ...STAYING].some(isThere)) return ok(undefined);
  const present = [...FILES, ...FOLDERS].filter(isThere);
  if (present.length === 0) return ok(undefined);
  const user = findUser(join(path, STORE_FILE));
  if (user !== undefined) return refuse(user);
  const stamp = new Date(hostMs).toISOString().replaceAll(/[:.]/g, "-");
  const target = join(path, `before-${stamp}`);
  try {
    mkdirSync(target);
    for (const name of present) {
      // Closing the store has tidied its side files away.
      if (isThere(name)) renameSync(join(path, name), join(target, name));
    }
    return ok(target);
  } catch (error) {
    return refuse(`The old state in ${path} cannot be moved aside (${whyOf(error)}).`);
  }
};

/** The sentence that says who has the store open; a damaged store has no user. */
const findUser = (file: string): string | undefined => {
  if (!existsSync(file)) return undefined;
  const opened = openDatabase(file);
  if (opened.ok) opened.value.close();
  else if (opened.error.type === "DatabaseInUse") return inUse(file);
  return undefined;
};

/** Time and market are promised on disk before the exchange keeps anything. */
const hasLostRecord = (path: string): boolean =>
  existsSync(join(path, EXCHANGE_FILE)) && !existsSync(join(path, WORLD_FILE));

const lostRecord = (path: string): string =>
  `The world's record ${join(path, WORLD_FILE)} is missing: nothing says which market ` +
  `${EXCHANGE_FILE} belongs to, and how late it is there. Put it back, ${WAY_OUT}`;

/** What forbids the use of the store, in the words of who starts a world. */
const describeFault = ({ type, detail }: DatabaseFault, path: string): string => {
  const file = join(path, STORE_FILE);
  switch (type) {
    case "DatabaseInUse":
      return inUse(file);
    case "DatabaseCorrupt":
      return `The database ${file} is damaged and was left as it is. Restore a copy, ${WAY_OUT}`;
    case "DatabaseForeign":
    case "DatabaseUnreadable":
      return detail;
  }
};

const inUse = (file: string): string =>
  `The database ${file} is in use by another process. ` +
  "Stop that one first, or name another directory with --state DIR.";

const refuse = (sentence: string): Result<never, StateRefused> =>
  err({ type: "StateRefused", sentence });

const whyOf = (error: unknown): string => codeOf(error) ?? "no reason given";
