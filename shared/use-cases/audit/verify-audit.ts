import { type AuditHead, lastOf } from "../../domain/audit/audit-head.ts";
import { type AuditFlaw, withoutVoid } from "../../domain/audit/audit-flaw.ts";
import type { AuditRecord, Digest } from "../../domain/audit/audit-record.ts";
import { readSeals } from "../../domain/audit/order-seal.ts";
import { verifyRecord, type WalkPosition } from "../../domain/audit/verify-record.ts";
import { RetryableError } from "../../domain/fault.ts";
import { parseClientOrderId } from "../../domain/orders/client-order-id.ts";
import { ok, type Result } from "../../domain/result.ts";
import type { Settings } from "../../domain/settings.ts";
import type { AuditHeads } from "../../ports/audit-heads.ts";
import type { AuditRecords } from "../../ports/audit-records.ts";
import type { OrderSeals } from "../../ports/order-seals.ts";

/** What verifying needs. */
export type VerifyAuditDeps = {
  /** Without it the records are verified by themselves, as from a copy of the store. */
  readonly heads?: Pick<AuditHeads, "load"> | undefined;
  readonly records: AuditRecords;
  /** Without it the orders' histories are not compared with what was sealed of them. */
  readonly seals?: Pick<OrderSeals, "loadEnds"> | undefined;
  readonly digest: Digest;
  readonly settings: Pick<Settings, "account">;
};

/** What a part of the chain came to. */
export type AuditVerified = {
  /** The first number that was looked at. */
  readonly from: number;
  /** Where the next part begins: behind the last record that was looked at. */
  readonly position: WalkPosition;
  /** The end of the chain as the ledger has it; 0 where nothing was ever recorded. */
  readonly headSequence: number;
  readonly isWhole: boolean;
  readonly checkpoints: number;
  /** Moments that the ledger was set back to in this part: histories sealed since are explained. */
  readonly restores: readonly number[];
  readonly flaws: readonly AuditFlaw[];
};

/** Verifies at most `limit` records behind `start`. Throws `RetryableError`. */
export type VerifyAudit = (start: WalkPosition, limit: number) => Promise<AuditVerified>;

const READ_AT_ONCE = 16;

/**
 * Walks the chain: every record is there, made of its content, linked, the same in each store, in
 * the ledger's head and in every checkpoint, and every sealed history is still what was sealed.
 */
export const createVerifyAudit =
  (deps: VerifyAuditDeps): VerifyAudit =>
  async (start, limit) => {
    const { head, flaws } = await readEnd(deps, start);
    const headSequence = head === undefined ? 0 : lastOf(head).sequence;
    const end = head === undefined ? await storedTo(deps, start.sequence) : headSequence;
    const to = Math.min(end, start.sequence + limit);
    const walked = await walk(deps, start, to, head);
    const checked = await compareCheckpoints(deps, start, walked.hashes);
    const isWhole = to >= end && (head !== undefined || (await storedTo(deps, to)) === to);
    const behind = isWhole && head !== undefined ? await findBehind(deps, headSequence) : [];
    return {
      from: start.sequence + 1,
      position: walked.position,
      headSequence,
      isWhole,
      checkpoints: checked.compared,
      restores: walked.restores,
      flaws: [...flaws, ...walked.flaws, ...checked.flaws, ...behind],
    };
  };

const loadHead = async ({ heads, settings }: VerifyAuditDeps) => {
  const loaded = await heads?.load(settings.account);
  if (loaded?.ok === false && loaded.error.type === "LedgerUnavailable") {
    throw new RetryableError(`The head of the audit was not read: ${loaded.error.detail}`);
  }
  return loaded;
};

const readEnd = async (
  deps: VerifyAuditDeps,
  { sequence }: WalkPosition,
): Promise<{ readonly head: AuditHead | undefined; readonly flaws: readonly AuditFlaw[] }> => {
  const loaded = await loadHead(deps);
  if (loaded === undefined) return { head: undefined, flaws: [] };
  if (!loaded.ok) {
    const { detail } = loaded.error;
    return { head: undefined, flaws: [{ type: "headUnreadable", sequence, detail }] };
  }
  if (loaded.value !== undefined) return { head: loaded.value, flaws: [] };
  const to = await storedTo(deps, 0);
  const isLost = to > 0;
  return {
    head: undefined,
    flaws: isLost ? [{ type: "headBehind", sequence: 0, storedTo: to }] : [],
  };
};

const storedTo = async ({ records }: VerifyAuditDeps, sequence: number): Promise<number> => {
  const numbers = await records.numbersAfter(sequence);
  return numbers.at(-1) ?? sequence;
};

/** Records may have been added since the head was read; only one that it still lacks is a flaw. */
const findBehind = async (
  deps: VerifyAuditDeps,
  headSequence: number,
): Promise<readonly AuditFlaw[]> => {
  const stored = await storedTo(deps, headSequence);
  if (stored === headSequence) return [];
  const again = await loadHead(deps);
  const sequence =
    again?.ok === true && again.value !== undefined ? lastOf(again.value).sequence : 0;
  return sequence >= stored ? [] : [{ type: "headBehind", sequence, storedTo: stored }];
};

type Walked = {
  readonly position: WalkPosition;
  readonly flaws: readonly AuditFlaw[];
  readonly hashes: ReadonlyMap<number, string>;
  readonly restores: readonly number[];
};

const walk = async (
  deps: VerifyAuditDeps,
  start: WalkPosition,
  to: number,
  head: AuditHead | undefined,
): Promise<Walked> => {
  const flaws: AuditFlaw[] = [];
  const hashes = new Map<number, string>();
  const restores: number[] = [];
  let histories: readonly AuditFlaw[] = [];
  let position: WalkPosition = start;
  for (let first = start.sequence + 1; first <= to; first += READ_AT_ONCE) {
    const count = Math.min(READ_AT_ONCE, to - first + 1);
    const numbers = Array.from({ length: count }, (_, index) => first + index);
    const batch = await Promise.all(numbers.map((number) => readRecord(deps, number, head)));
    for (const { read, flaws: found } of batch) {
      const verified = verifyRecord(position, deps.settings.account, read, deps.digest);
      flaws.push(...found, ...verified.flaws);
      ({ position } = verified);
      if (position.hash !== null) hashes.set(position.sequence, position.hash);
      if (read?.ok !== true) continue;
      const asOfMs = restoredAsOf(read.value);
      if (asOfMs !== undefined) {
        restores.push(asOfMs);
        histories = withoutVoid(histories, asOfMs);
      }
      histories = [...histories, ...(await compareHistories(deps, read.value))];
    }
  }
  return { position, flaws: [...flaws, ...histories], hashes, restores };
};

/** The moment that the ledger was set back to; undefined for a record of anything else. */
const restoredAsOf = ({ kind, body }: AuditRecord): number | undefined => {
  const asOfMs = kind === "restore" ? body["asOfMs"] : undefined;
  return typeof asOfMs === "number" ? asOfMs : undefined;
};

/** The record from the stores, or from the head's tail while no store has it. */
const readRecord = async (
  { records }: VerifyAuditDeps,
  sequence: number,
  head: AuditHead | undefined,
): Promise<{
  readonly read: Result<AuditRecord, string> | undefined;
  readonly flaws: readonly AuditFlaw[];
}> => {
  const [first, ...others] = await records.read(sequence);
  const inHead = head?.tail.find((record) => record.sequence === sequence);
  if (first === undefined) return { read: inHead === undefined ? inHead : ok(inHead), flaws: [] };
  const expected = hashIn(first);
  // One text that was changed under the same hash is told as changed.
  const forks = others
    .map(hashIn)
    .filter((actual) => actual !== expected)
    .map((actual): AuditFlaw => ({ type: "forked", sequence, expected, actual }));
  const differs: readonly AuditFlaw[] =
    inHead === undefined || inHead.hash === expected
      ? []
      : [{ type: "headDiffers", sequence, expected: inHead.hash, actual: expected }];
  return { read: first, flaws: [...forks, ...differs] };
};

const hashIn = (read: Result<AuditRecord, string>): string =>
  read.ok ? read.value.hash : read.error;

const compareCheckpoints = async (
  { records, settings }: VerifyAuditDeps,
  start: WalkPosition,
  hashes: Walked["hashes"],
): Promise<{ readonly compared: number; readonly flaws: readonly AuditFlaw[] }> => {
  const known = new Map(hashes);
  if (start.hash !== null) known.set(start.sequence, start.hash);
  const flaws: AuditFlaw[] = [];
  let compared = 0;
  for (const read of await records.checkpointsAfter(start.sequence - 1)) {
    if (!read.ok) {
      flaws.push({ type: "unreadable", sequence: start.sequence, detail: read.error });
      continue;
    }
    const { account, sequence, hash: expected } = read.value;
    const actual = known.get(sequence);
    if (actual === undefined) continue;
    compared += 1;
    if (actual === expected && account === settings.account) continue;
    flaws.push({ type: "checkpointDiffers", sequence, expected, actual });
  }
  return { compared, flaws };
};

/** Every history that the record seals still has exactly those events at its beginning. */
const compareHistories = async (
  { seals }: VerifyAuditDeps,
  record: AuditRecord,
): Promise<readonly AuditFlaw[]> => {
  if (seals === undefined || record.kind !== "orders") return [];
  const flaws = await Promise.all(
    readSeals(record.body).map(async (seal): Promise<AuditFlaw | undefined> => {
      const { clientOrderId, events, head } = seal;
      const id = parseClientOrderId(clientOrderId);
      if (id === undefined) return undefined;
      const expected = `${events} events, ${head}`;
      const { sequence, atMs: sealedAtMs } = record;
      const place = { type: "historyDiffers", sequence, clientOrderId, sealedAtMs } as const;
      const ends = await seals.loadEnds(id);
      if (!ends.ok) {
        if (ends.error.type === "LedgerUnavailable") throw new RetryableError(ends.error.detail);
        return { ...place, expected, actual: ends.error.detail };
      }
      const end = ends.value.find((one) => one.events === events);
      if (end?.head === head) return undefined;
      const last = ends.value.at(-1);
      const actual = end ?? last ?? { events: 0, head: "nothing" };
      return { ...place, expected, actual: `${actual.events} events, ${actual.head}` };
    }),
  );
  return flaws.filter((flaw) => flaw !== undefined);
};
