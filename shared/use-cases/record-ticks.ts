import { RetryableError } from "../domain/fault.ts";
import type { Archive } from "../ports/archive.ts";
import type { TickBatch, TickStore } from "../ports/tick-store.ts";
import { bufferKeyOf, batchToLines } from "./tick-buffer.ts";

/** Where a poll's ticks are now: in the store, in the archive for later, or only in memory. */
export type TickKeeping = "stored" | "buffered" | "held";

/** Keeps what polls bring, and says when there is no place any more. */
export type TickRecorder = {
  /** False while neither store nor archive takes anything and memory is full: do not poll. */
  readonly hasRoom: () => Promise<boolean>;
  /** Keeps a batch in the best place that takes it; never throws for a store that is down. */
  readonly record: (batch: TickBatch) => Promise<TickKeeping>;
};

/** What recording needs. */
export type RecordTicksDeps = {
  readonly ticks: Pick<TickStore, "append">;
  readonly archive: Pick<Archive, "write">;
  readonly region: string;
};

/** Polls that memory holds at most: ten minutes of one shard. */
const HELD_MAX = 10;

/**
 * Keeps ticks in the store, else as JSONL in the archive, else in memory. Nothing is dropped to
 * make room: when memory is full, the one who polls has to wait. What is held goes out first, so
 * that the archive's files are in order too.
 */
export const createRecordTicks = (deps: RecordTicksDeps): TickRecorder => {
  const held: TickBatch[] = [];
  const keepAll = async (batches: readonly TickBatch[]): Promise<TickKeeping> => {
    let place: TickKeeping = "stored";
    for (const [index, batch] of batches.entries()) {
      // A store that has just failed is not asked again for each of them.
      place = await keep(deps, batch, place);
      if (place !== "held") continue;
      held.unshift(...batches.slice(index));
      break;
    }
    return place;
  };
  return {
    hasRoom: async () => {
      if (held.length >= HELD_MAX) await keepAll(held.splice(0));
      return held.length < HELD_MAX;
    },
    record: (batch) => keepAll([...held.splice(0), batch]),
  };
};

const keep = async (
  { ticks, archive, region }: RecordTicksDeps,
  batch: TickBatch,
  before: TickKeeping,
): Promise<TickKeeping> => {
  if (before === "stored" && (await isDone(() => ticks.append(batch)))) return "stored";
  const body = batchToLines(batch);
  const isBuffered = await isDone(() => archive.write(bufferKeyOf(region, batch), body));
  return isBuffered ? "buffered" : "held";
};

const isDone = async (write: () => Promise<void>): Promise<boolean> => {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof RetryableError) return false;
    throw error;
  }
};
