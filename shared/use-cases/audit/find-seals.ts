import { type AuditHead, lastOf } from "../../domain/audit/audit-head.ts";
import type { AuditRecord } from "../../domain/audit/audit-record.ts";
import { readSeals } from "../../domain/audit/order-seal.ts";
import type { ClientOrderId } from "../../domain/orders/client-order-id.ts";
import { RetryableError } from "../../domain/fault.ts";
import type { Auditing } from "../../ports/auditing.ts";

/**
 * A record of the audit that seals an order's history, and how many of its events that had then.
 */
export type OrderSealed = {
  readonly sequence: number;
  readonly atMs: number;
  readonly events: number;
};

/** When the first and the last event of an order came, epoch milliseconds. */
export type OrderSpan = { readonly firstMs: number; readonly lastMs: number };

/** An order is sealed within a minute of its events; looked at from a little before them on. */
const CLOCK_MARGIN_MS = 5_000;
const RECORDS_LOOKED_AT = 30;

/**
 * Finds the records that seal an order, oldest first: those behind its first and behind its last
 * event, by the moments that they carry. Empty while none is found there. Throws `RetryableError`.
 */
export const createFindSeals =
  ({ heads, records }: Pick<Auditing, "heads" | "records">, account: string) =>
  async (id: ClientOrderId, { firstMs, lastMs }: OrderSpan): Promise<readonly OrderSealed[]> => {
    const loaded = await heads.load(account);
    if (!loaded.ok) throw new RetryableError(`The audit was not read: ${loaded.error.detail}`);
    const head = loaded.value;
    if (head === undefined) return [];
    const read = createReader(head, records);
    const newest = lastOf(head).sequence;
    const found = new Map<number, OrderSealed>();
    for (const sinceMs of new Set([firstMs, lastMs])) {
      const begin = await firstSince(read, newest, sinceMs - CLOCK_MARGIN_MS);
      const count = Math.max(0, Math.min(RECORDS_LOOKED_AT, newest - begin + 1));
      const numbers = Array.from({ length: count }, (_, index) => begin + index);
      for (const record of await Promise.all(numbers.map(read))) {
        for (const seal of record === undefined ? [] : readSeals(record.body)) {
          if (seal.clientOrderId !== id || record === undefined) continue;
          const { sequence, atMs } = record;
          found.set(sequence, { sequence, atMs, events: seal.events });
        }
      }
    }
    return [...found.values()].toSorted((left, right) => left.sequence - right.sequence);
  };

type ReadRecord = (sequence: number) => Promise<AuditRecord | undefined>;

/** Reads each record once, from the head where it is there still. */
const createReader = (head: AuditHead, records: Auditing["records"]): ReadRecord => {
  const known = new Map<number, Promise<AuditRecord | undefined>>();
  return (number) => {
    const before = known.get(number);
    if (before !== undefined) return before;
    const inTail = head.tail.find(({ sequence }) => sequence === number);
    const reading =
      inTail === undefined
        ? records.read(number).then((reads) => {
            const whole = reads.find((one) => one.ok);
            return whole?.ok === true ? whole.value : undefined;
          })
        : Promise.resolve(inTail);
    known.set(number, reading);
    return reading;
  };
};

/**
 * The first record that is no older than a moment, by halves; one that is missing is taken for
 * older.
 */
const firstSince = async (read: ReadRecord, newest: number, sinceMs: number): Promise<number> => {
  let [low, high] = [1, newest + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const record = await read(middle);
    if (record === undefined || record.atMs < sinceMs) low = middle + 1;
    else high = middle;
  }
  return low;
};
