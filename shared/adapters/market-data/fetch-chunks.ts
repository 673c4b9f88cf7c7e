import type { Snapshot } from "../../domain/market/quote.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { FailedSymbol, SnapshotAnswer, UnreadableSnapshot } from "../../ports/market-data.ts";
import type { VendorFault } from "../../ports/vendor-fault.ts";

/** What one request for some of the symbols came to. */
export type ChunkAnswer = {
  readonly snapshots: readonly Snapshot[];
  readonly missing: readonly Ticker[];
  readonly unreadable: readonly UnreadableSnapshot[];
};

/** Asks a vendor for the symbols of one request. */
type FetchChunk = (symbols: readonly Ticker[]) => Promise<Result<ChunkAnswer, VendorFault>>;

/**
 * Makes every request, at most `atOnceMax` at a time, and joins the answers. It is a fault when all
 * requests failed, or when nothing that was answered could be read: then the contract has changed.
 * A vendor that limits our rate or refuses our key is not asked again for the rest.
 */
export const fetchChunks = async (
  vendor: string,
  chunks: readonly (readonly Ticker[])[],
  atOnceMax: number,
  fetchChunk: FetchChunk,
): Promise<Result<SnapshotAnswer, VendorFault>> => {
  const answers: Result<ChunkAnswer, VendorFault>[] = [];
  let next = 0;
  let stop: VendorFault | undefined;
  const work = async (): Promise<void> => {
    while (next < chunks.length) {
      const index = next++;
      const answer = stop === undefined ? await fetchChunk(chunks[index] ?? []) : err(stop);
      if (!answer.ok && endsAll(answer.error)) stop = answer.error;
      answers[index] = answer;
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnceMax, chunks.length) }, work));
  return joinAnswers(vendor, chunks, answers);
};

const endsAll = (fault: VendorFault): boolean =>
  fault.class === "RATE_LIMIT" || fault.class === "AUTH_ERROR";

const joinAnswers = (
  vendor: string,
  chunks: readonly (readonly Ticker[])[],
  answers: readonly Result<ChunkAnswer, VendorFault>[],
): Result<SnapshotAnswer, VendorFault> => {
  const snapshots: Snapshot[] = [];
  const missing: Ticker[] = [];
  const unreadable: UnreadableSnapshot[] = [];
  const failed: FailedSymbol[] = [];
  let answered = 0;
  for (const [index, answer] of answers.entries()) {
    if (!answer.ok) {
      for (const symbol of chunks[index] ?? []) failed.push({ symbol, fault: answer.error });
      continue;
    }
    answered++;
    snapshots.push(...answer.value.snapshots);
    missing.push(...answer.value.missing);
    unreadable.push(...answer.value.unreadable);
  }
  const [firstFailed] = failed;
  if (answered === 0 && firstFailed !== undefined) return err(firstFailed.fault);
  const [changed] = unreadable;
  if (changed !== undefined && snapshots.length === 0) {
    const detail = `${changed.symbol}: ${changed.reason}`;
    return err({ type: "VendorFault", vendor, class: "SCHEMA_ERROR", detail });
  }
  const answer = { snapshots, missing, unreadable };
  return ok(failed.length === 0 ? answer : { ...answer, failed });
};
