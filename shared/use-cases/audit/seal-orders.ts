import { lastOf, type AuditHead } from "../../domain/audit/audit-head.ts";
import {
  type OrderSeal,
  type SealingState,
  SEALS_PER_RECORD,
  sealsToBody,
} from "../../domain/audit/order-seal.ts";
import { RetryableError } from "../../domain/fault.ts";
import { epochMsToNewYork } from "../../domain/market/new-york-time.ts";
import {
  addDays,
  nextDate,
  parseSessionDate,
  type SessionDate,
} from "../../domain/market/session-date.ts";
import { parseClientOrderId } from "../../domain/orders/client-order-id.ts";
import type { ControlCell } from "../../domain/risk/control-cell.ts";
import type { OrderSeals } from "../../ports/order-seals.ts";
import { recordEntry, type RecordAuditDeps } from "./record-audit.ts";

/** What sealing needs. */
export type SealOrdersDeps = RecordAuditDeps & { readonly seals: OrderSeals };

/** An order may be decided so long before its first event is stored: what is older expired. */
const WINDOW_MINUTES = 15;
const ACTOR = "keep-audit";
const DAY_BEGINS = "0000";

/**
 * Records what the cell says if it says something else than before, and every order whose history
 * grew since it was last sealed, with what the guard decided; nothing where nothing is new. Says
 * how many records that took. The cell was read before the orders: one that is not in flight by
 * then has every event it will ever have, since histories are written before the cell.
 */
export const sealOrders = async (
  deps: SealOrdersDeps,
  cell: ControlCell,
  head: AuditHead | undefined,
): Promise<number> => {
  // Another Region holds the chain's newer epoch: it seals.
  if (head !== undefined && lastOf(head).epoch > cell.epoch) return 0;
  const session = epochMsToNewYork(deps.clock.nowMs()).date;
  const sealing = head?.sealing ?? null;
  const closed = await closeDays(deps, cell, sealing, session);
  const before = stateFor(session, sealing);
  const { listed, others } = await readSeals(deps, session, before);
  const grown = [...listed, ...others].filter(
    ({ clientOrderId, events }) => events > (before.known[clientOrderId] ?? 0),
  );
  const windowed = new Set(listed.map(({ clientOrderId }) => clientOrderId));
  const mayGrow = (id: string): boolean => windowed.has(id) || isInFlight(cell, id);
  const known = Object.fromEntries(Object.entries(before.known).filter(([id]) => mayGrow(id)));
  const minute = newestMinute(listed) ?? before.minute;
  const said = saidBy(cell);
  const isSaid = said !== before.cell;
  // The minute stands for what is sealed, which nothing is yet.
  if (isSaid) await record(deps, "state", cell, bodyOf(cell), { ...before, cell: said });
  let state: SealingState = { session, minute, known, cell: said };
  const batches = batchesOf(grown);
  for (const [index, batch] of batches.entries()) {
    const sealed = batch
      .filter(({ clientOrderId }) => mayGrow(clientOrderId))
      .map(({ clientOrderId, events }) => [clientOrderId, events] as const);
    state = { ...state, known: { ...state.known, ...Object.fromEntries(sealed) } };
    // A run that dies in between seals the rest from where it began.
    const isLast = index === batches.length - 1;
    const kept = isLast ? state : { ...state, minute: before.minute };
    await record(deps, "orders", cell, sealsToBody(session, batch), kept);
  }
  return closed + (isSaid ? 1 : 0) + batches.length;
};

const batchesOf = (seals: readonly OrderSeal[]): readonly (readonly OrderSeal[])[] =>
  Array.from({ length: Math.ceil(seals.length / SEALS_PER_RECORD) }, (_, index) =>
    seals.slice(index * SEALS_PER_RECORD, (index + 1) * SEALS_PER_RECORD),
  );

/**
 * Seals every order of the days that are over since the last one that was sealed, as it ended: also
 * one whose first event came later than anybody looked for it, as of a letter that was redriven, or
 * while no keeper ran. Where it is not known what was sealed, some days are sealed again.
 */
const closeDays = async (
  deps: SealOrdersDeps,
  cell: ControlCell,
  sealing: SealingState | null,
  today: SessionDate,
): Promise<number> => {
  const batches = await batchesOfDays(deps, sealing, today);
  for (const [index, { day, batch }] of batches.entries()) {
    const isLast = index === batches.length - 1;
    // A run that dies in between begins again: until the last one the day before is the newest.
    const next = isLast ? stateFor(today, sealing) : (sealing ?? stateFor(day, null));
    await record(deps, "orders", cell, { ...sealsToBody(day, batch), isFinal: true }, next);
  }
  return batches.length;
};

const batchesOfDays = async (
  { seals, settings }: SealOrdersDeps,
  sealing: SealingState | null,
  today: SessionDate,
): Promise<readonly { readonly day: SessionDate; readonly batch: readonly OrderSeal[] }[]> => {
  // So it is all day long.
  if (sealing?.session === today) return [];
  const known = parseSessionDate(sealing?.session ?? "") ?? addDays(today, -DAYS_IF_UNKNOWN);
  const oldest = addDays(today, -DAYS_MAX);
  const batches: { readonly day: SessionDate; readonly batch: readonly OrderSeal[] }[] = [];
  for (let day = known > oldest ? known : oldest; day < today; day = nextDate(day)) {
    const listed = await seals.listSince(settings.account, day, DAY_BEGINS);
    if (!listed.ok) throw new RetryableError(`Orders were not read: ${listed.error.detail}`);
    batches.push(...batchesOf(listed.value).map((batch) => ({ day, batch })));
  }
  return batches;
};

/** A keeper that was away for longer than that seals what it finds from there. */
const DAYS_MAX = 14;
const DAYS_IF_UNKNOWN = 3;

/** Orders that were in flight when the day ended go on under the next one. */
const stateFor = (session: SessionDate, sealing: SealingState | null): SealingState => {
  const { known = {}, cell = "" } = sealing ?? {};
  return sealing?.session === session ? sealing : { session, minute: DAY_BEGINS, known, cell };
};

const readSeals = async (
  { seals, settings }: SealOrdersDeps,
  session: SessionDate,
  { minute, known }: SealingState,
): Promise<{ readonly listed: readonly OrderSeal[]; readonly others: readonly OrderSeal[] }> => {
  const listed = await seals.listSince(settings.account, session, minutesBefore(minute));
  if (!listed.ok) throw new RetryableError(`Orders were not read: ${listed.error.detail}`);
  const names = new Set(listed.value.map(({ clientOrderId }) => clientOrderId));
  const ids = Object.keys(known)
    .filter((id) => !names.has(id))
    .map(parseClientOrderId)
    .filter((id) => id !== undefined);
  const loaded = await Promise.all(ids.map((id) => seals.load(id)));
  const others = loaded.map((one) => {
    if (one.ok) return one.value;
    // Reconciliation and whoever verifies tell of it; the others are sealed all the same.
    if (one.error.type === "LedgerCorrupt") return undefined;
    throw new RetryableError(`An order was not read: ${one.error.detail}`);
  });
  return { listed: listed.value, others: others.filter((one) => one !== undefined) };
};

/** `0935` from `0950`; the beginning of the day from what is close to it. */
const minutesBefore = (minute: string): string => {
  const total = Number(minute.slice(0, 2)) * 60 + Number(minute.slice(2)) - WINDOW_MINUTES;
  const from = Math.max(0, total);
  return `${twoDigits(Math.floor(from / 60))}${twoDigits(from % 60)}`;
};

const twoDigits = (value: number): string => value.toString().padStart(2, "0");

const minuteOf = ({ clientOrderId }: OrderSeal): string => clientOrderId.split("_")[5] ?? "0000";

const newestMinute = (seals: readonly OrderSeal[]): string | undefined => {
  let newest: string | undefined;
  for (const seal of seals) {
    const minute = minuteOf(seal);
    if (newest === undefined || minute > newest) newest = minute;
  }
  return newest;
};

const isInFlight = ({ inFlight }: ControlCell, clientOrderId: string): boolean =>
  Object.hasOwn(inFlight, clientOrderId);

/** What decides whether and by whom is traded; positions and counters follow from the orders. */
const bodyOf = ({ epoch, activeRegion, tradingState, limitsDigest }: ControlCell) => ({
  epoch,
  activeRegion,
  mode: tradingState.mode,
  isFlattening: tradingState.isFlattening,
  reason: tradingState.reason,
  by: tradingState.by,
  sinceMs: Math.floor(tradingState.atMs),
  limitsDigest,
});

const saidBy = (cell: ControlCell): string => {
  const { epoch, activeRegion, mode, isFlattening, by, sinceMs, limitsDigest } = bodyOf(cell);
  return [epoch, activeRegion, mode, isFlattening, by, sinceMs, limitsDigest].join("|");
};

const record = async (
  deps: SealOrdersDeps,
  kind: "orders" | "state",
  { epoch }: ControlCell,
  body: Parameters<typeof recordEntry>[1]["body"],
  sealing: SealingState,
): Promise<void> => {
  const recorded = await recordEntry(deps, { kind, actor: ACTOR, epoch, body }, sealing);
  if (!recorded.ok) throw new RetryableError(recorded.error.detail);
};
