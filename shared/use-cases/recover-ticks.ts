import type { ValidQuote } from "../domain/market/quote.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import type { Settings } from "../domain/settings.ts";
import type { Alert, Alerts } from "../ports/alerts.ts";
import type { Archive } from "../ports/archive.ts";
import type { Clock } from "../ports/clock.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { TickBatch, TickStore } from "../ports/tick-store.ts";
import { bufferPrefixOf } from "./tick-buffer.ts";

/** One buffered line, read; undefined where it is damaged. */
export type ReadTick = (
  line: string,
) => (Omit<TickBatch, "quotes"> & { readonly quote: ValidQuote }) | undefined;

/** What was brought back. */
export type TicksRecovered = {
  readonly polls: number;
  readonly quotes: number;
  /** Lines that cannot be read; they are kept aside as they are. */
  readonly damaged: number;
  readonly isMore: boolean;
};

/** Stores what was buffered, in order. */
export type RecoverTicks = (deadline: {
  readonly remainingMs: () => number;
}) => Promise<TicksRecovered>;

/** What recovering needs. */
export type RecoverTicksDeps = {
  /** Absent where ticks are not recorded. */
  readonly ticks?: Pick<TickStore, "append"> | undefined;
  readonly archive: Archive;
  readonly telemetry: Pick<Telemetry, "loadQuotes" | "recordQuotes">;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly settings: Pick<Settings, "mode" | "region">;
  readonly readTick: ReadTick;
};

/** Files of one run; the next one comes within a minute. */
const FILES_MAX = 100;
/** With less than this left no file is begun. */
const RESERVE_MS = 5_000;

/**
 * Stores every buffered batch, oldest first, and removes its file only then: a crash in between
 * stores the same batch under the same name again, which changes nothing. Damaged lines are kept
 * aside and counted. Throws `RetryableError` while the store or the archive does not answer; what
 * is left is met by the next run.
 */
export const createRecoverTicks =
  (deps: RecoverTicksDeps): RecoverTicks =>
  async (deadline) => {
    const { ticks, archive } = deps;
    let [polls, quotes, damaged] = [0, 0, 0];
    if (ticks === undefined) return { polls, quotes, damaged, isMore: false };
    const keys = await archive.list(bufferPrefixOf(deps.settings.region), FILES_MAX);
    const newest = new Map<number, Map<Ticker, ValidQuote>>();
    for (const key of keys) {
      if (deadline.remainingMs() < RESERVE_MS) break;
      const file = readFile(deps.readTick, (await archive.read(key)) ?? "");
      if (file.damaged.length > 0) {
        const name = key.split("/").at(-1) ?? "";
        await archive.write(`dead-letters/quarantined/ticks/${name}`, file.damaged.join("\n"));
      }
      for (const batch of file.batches) {
        await ticks.append(batch);
        quotes += batch.quotes.length;
        noteNewest(newest, batch);
      }
      await archive.remove(key);
      polls += 1;
      damaged += file.damaged.length;
    }
    for (const [shard, known] of newest) await renewSnapshot(deps, shard, known);
    const recovered = { polls, quotes, damaged, isMore: polls < keys.length };
    if (polls > 0) await deps.alerts.publish(alertOf(deps, recovered));
    return recovered;
  };

const readFile = (
  readTick: ReadTick,
  body: string,
): { readonly batches: readonly TickBatch[]; readonly damaged: readonly string[] } => {
  const batches = new Map<string, TickBatch & { readonly quotes: ValidQuote[] }>();
  const damaged: string[] = [];
  for (const line of body.split("\n")) {
    if (line === "") continue;
    const tick = readTick(line);
    if (tick === undefined) {
      damaged.push(line);
      continue;
    }
    const { quote, ...batch } = tick;
    const name = `${batch.shard} ${batch.slotMs} ${batch.takenAtMs}`;
    const known = batches.get(name);
    if (known === undefined) batches.set(name, { ...batch, quotes: [quote] });
    else known.quotes.push(quote);
  }
  return { batches: [...batches.values()], damaged };
};

const noteNewest = (newest: Map<number, Map<Ticker, ValidQuote>>, batch: TickBatch): void => {
  const known = newest.get(batch.shard) ?? new Map<Ticker, ValidQuote>();
  newest.set(batch.shard, known);
  for (const quote of batch.quotes) keepNewer(known, quote);
};

const keepNewer = (known: Map<Ticker, ValidQuote>, quote: ValidQuote): void => {
  const other = known.get(quote.symbol);
  if (other === undefined || other.exchangeTimeMs <= quote.exchangeTimeMs) {
    known.set(quote.symbol, quote);
  }
};

/** Where no poll has come since, the last known quotes are those that were buffered. */
const renewSnapshot = async (
  { telemetry }: RecoverTicksDeps,
  shard: number,
  recovered: ReadonlyMap<Ticker, ValidQuote>,
): Promise<void> => {
  const stored = await telemetry.loadQuotes(shard);
  if (newestOf(stored) >= newestOf(recovered.values())) return;
  const merged = new Map(stored.map((quote) => [quote.symbol, quote]));
  for (const quote of recovered.values()) keepNewer(merged, quote);
  await telemetry.recordQuotes(shard, [...merged.values()]);
};

const newestOf = (quotes: Iterable<ValidQuote>): number =>
  Math.max(0, ...[...quotes].map(({ exchangeTimeMs }) => exchangeTimeMs));

/** A person wants to know that there was a gap, and that it is closed. */
const alertOf = (
  { clock, settings: { mode, region } }: RecoverTicksDeps,
  { polls, quotes, damaged, isMore }: TicksRecovered,
): Alert => ({
  key: `ticks-recovered-${region}`,
  action: "trigger",
  severity: damaged === 0 ? "info" : "error",
  summary:
    `Ticks that could not be stored were recovered: ${quotes} quotes of ${polls} polls. ` +
    `${damaged} lines were damaged and are kept aside.${isMore ? " More are to come." : ""}`,
  component: "ticks",
  mode,
  atMs: clock.nowMs(),
  runbook: "ticks-buffered",
});
