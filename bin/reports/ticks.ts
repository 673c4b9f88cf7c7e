import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ownDayFiles } from "../../local/recorded-days/own-days.ts";
import { openStateDirectory } from "../../local/world/state-directory.ts";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { codeOf } from "../../shared/adapters/host/file-errors.ts";
import { makeDirectory } from "../../shared/adapters/host/make-directory.ts";
import { createSqliteItemStore } from "../../shared/adapters/sqlite/item-store.ts";
import { createStoredTickStore } from "../../shared/adapters/stored/tick-store.ts";
import { shardsOf, type Settings } from "../../shared/domain/settings.ts";
import type { TickBatch, TickStore } from "../../shared/ports/tick-store.ts";
import { requireConfiguration } from "../read-configuration.ts";
import { VerbFault, type ExitCode, type VerbContext, type VerbInput } from "../verb.ts";
import { toSettings } from "../../shared/runtime/configuration-settings.ts";

/** Where the local world's functions run. */
const REGION = "local";
/** Batches of one read; a day has 390. */
const BATCHES_AT_ONCE = 500;
/** More than the tape holds: 14 days of every minute. */
const READS_MAX = 1_000;

/** Writes what the tape of a stopped local world holds; 1 where it holds nothing. */
export const exportTicks = async (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  const [, directory = ""] = input.arguments;
  const configuration = requireConfiguration(String(input.options["config"]), context.environment);
  const settings = toSettings(configuration, { mode: "sim", region: REGION });
  const clock = createHostClock();
  const path = String(input.options["state"]);
  const opened = openStateDirectory({
    path,
    isFresh: false,
    hostMs: clock.nowMs(),
    mustExist: true,
  });
  if (!opened.ok) throw new VerbFault(opened.error.sentence);
  const { store } = opened.value;
  try {
    const tape = createStoredTickStore(createSqliteItemStore(store, clock), { region: REGION });
    const batches = await readTape(tape, settings);
    const files = ownDayFiles(batches);
    for (const file of files) {
      writeBelow(directory, file);
    }
    const days = new Set(files.map(({ path: name }) => /\d{8}/.exec(name)?.[0])).size;
    const told = { directory, polls: batches.length, days, files: files.length };
    context.write(
      input.isJson
        ? `${JSON.stringify(told)}\n`
        : `${count(told.polls, "poll")} of ${count(days, "day")} are in ${directory}, ` +
            `in ${count(told.files, "file")}.\n`,
    );
    return files.length === 0 ? 1 : 0;
  } finally {
    store.close();
  }
};

const count = (number: number, what: string): string =>
  `${number} ${what}${number === 1 ? "" : "s"}`;

const writeBelow = (
  directory: string,
  { path, bytes }: { readonly path: string; readonly bytes: Uint8Array },
): void => {
  const target = join(directory, path);
  try {
    makeDirectory(dirname(target));
    writeFileSync(target, bytes);
  } catch (error) {
    const why = codeOf(error) ?? "no reason given";
    throw new VerbFault(`${target} cannot be written (${why}).`, 2, { cause: error });
  }
};

const readTape = async (
  tape: Pick<TickStore, "load">,
  { symbols, shardSize }: Pick<Settings, "symbols" | "shardSize">,
): Promise<readonly TickBatch[]> => {
  const batches: TickBatch[] = [];
  for (const { shard } of shardsOf(symbols, shardSize)) {
    let fromSlotMs = 0;
    for (let reads = 0; reads < READS_MAX; reads++) {
      const read = await tape.load(shard, fromSlotMs, BATCHES_AT_ONCE);
      batches.push(...read);
      const last = read.at(-1);
      if (last === undefined) break;
      // The next minute's: several polls of one minute are far fewer than are read at once.
      fromSlotMs = last.slotMs + 1;
    }
  }
  return batches;
};
