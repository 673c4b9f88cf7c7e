import { RetryableError } from "../domain/fault.ts";
import { marketPhase } from "../domain/market/calendar.ts";
import type { ValidQuote } from "../domain/market/quote.ts";
import type { ClientOrderId } from "../domain/orders/client-order-id.ts";
import type { Order } from "../domain/orders/order.ts";
import type { OrderIntent } from "../domain/orders/order-intent.ts";
import { claimOrder } from "../domain/risk/claim-order.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import type { Denial } from "../domain/risk/denial.ts";
import { type Approved, guardOrder } from "../domain/risk/guard.ts";
import { isBrokerAsked, isSizedByBroker } from "../domain/risk/guard/closable.ts";
import type { AtBroker, GuardInput } from "../domain/risk/guard/guard-input.ts";
import { type Settings, shardOf } from "../domain/settings.ts";
import type { Broker } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { CellConflict, Ledger, LedgerFault } from "../ports/ledger.ts";
import type { Random } from "../ports/random.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { backOff, CELL_TRIES_MAX, type CellWriterDeps, loadCell } from "./update-cell.ts";

/** A claim that is stored: the order may be sent until `submitByMs`, and by nobody else. */
export type ClaimedOrder = {
  readonly type: "claimed";
  readonly order: Order;
  readonly approved: Approved<OrderIntent>;
  readonly cell: ControlCell;
  readonly claimId: string;
  readonly claimedAtMs: number;
  readonly submitByMs: number;
  /** The same moment on the clock that never goes back. */
  readonly submitByMonotonicMs: number;
};

/** What came of asking for a claim, and the order as it stood then. */
export type ClaimAttempt =
  | ClaimedOrder
  | {
      readonly type: "denied";
      readonly order: Order;
      /** The cell that the guard looked at. */
      readonly cell: ControlCell;
      readonly denials: readonly Denial[];
    }
  /** Another delivery went further meanwhile: this order is not to be sent (again). */
  | { readonly type: "overtaken"; readonly order: Order };

/**
 * A cell, and an order that was read after it. What settles an order writes its history before the
 * cell, so that a claim against this very cell proves that the order had not been settled before.
 */
export type Claimable = { readonly cell: ControlCell; readonly order: Order };

/** What claiming needs. */
export type ClaimIntentDeps = CellWriterDeps & {
  /** Asked only for exits whose books are not known to agree with it. */
  readonly broker: Pick<Broker, "listOpenOrders" | "listPositions">;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: Settings;
};

/** An order leaves us within this time of its claim or not at all. */
const SUBMIT_WITHIN_MS = 10_000;

/**
 * Asks the guard and writes the claim in one conditional write; again, with the order read and the
 * guard asked anew, for every version of the cell that others wrote meanwhile. A write whose answer
 * was lost is known by the claim's own name. Throws `RetryableError` when the claim's fate is not
 * known: no claim, no order.
 */
export const claimIntent = async (
  deps: ClaimIntentDeps,
  { cell: firstCell, order: firstOrder }: Claimable,
): Promise<ClaimAttempt> => {
  const { intent } = firstOrder;
  const { clientOrderId } = intent;
  let [cell, order] = [firstCell, firstOrder];
  const quote = await latestQuote(deps, intent);
  const claimId = deps.random.id();
  for (let tries = 1; tries <= CELL_TRIES_MAX; tries++) {
    if (!isClaimable(order)) return { type: "overtaken", order };
    const isAsked = intent.purpose === "exit" && isBrokerAsked(cell);
    const atBroker = isAsked ? await readBroker(deps, cell) : undefined;
    const nowMs = deps.clock.nowMs();
    const toMonotonicMs = deps.clock.monotonicMs() - nowMs;
    const decision = decide(deps, { intent, cell, quote, atBroker, nowMs });
    if (!decision.ok) {
      const denials = decision.error.map(({ reason, describe }) => ({
        reason,
        detail: describe(),
      }));
      return { type: "denied", order, cell, denials };
    }
    const submitByMs = Math.min(nowMs + SUBMIT_WITHIN_MS, intent.validUntilMs);
    const next = claimOrder(cell, decision.value, { claimId, nowMs, submitByMs });
    if (!next.ok) throw new RetryableError("The cell moved while it was looked at.");
    const expected = { version: cell.version, epoch: cell.epoch };
    const saved = await deps.ledger.saveCell(next.value, expected);
    const current = saved.ok ? next.value : await afterRefusal(deps, intent.account, saved.error);
    const claim = current.inFlight[clientOrderId];
    if (claim?.claimId === claimId) {
      const { claimedAtMs, submitByMs: untilMs } = claim;
      const terms = { claimedAtMs, submitByMs: untilMs };
      const submitByMonotonicMs = untilMs + toMonotonicMs;
      const approved = decision.value;
      const claimed = { order, approved, cell: current, claimId, submitByMonotonicMs };
      return { type: "claimed", ...claimed, ...terms };
    }
    await backOff(deps, tries);
    cell = current;
    order = await loadOrder(deps.ledger, clientOrderId);
  }
  throw new RetryableError(`The cell was written by others ${CELL_TRIES_MAX} times in a row.`);
};

/** Whether an order may still be claimed: it was never sent, and certainly not refused. */
export const isClaimable = ({ state }: Order): boolean =>
  state.name === "new" || state.name === "notSent";

/** Loads an order; throws `RetryableError` when it cannot be read or is not there. */
export const loadOrder = async (ledger: Ledger, clientOrderId: ClientOrderId): Promise<Order> => {
  const loaded = await ledger.loadOrder(clientOrderId);
  if (!loaded.ok) throw new RetryableError(`The order was not read: ${loaded.error.detail}`);
  if (loaded.value === undefined) throw new RetryableError("The stored intent was not found.");
  return loaded.value;
};

/** The cell as it stands after a write that was refused, or whose answer was lost. */
const afterRefusal = async (
  deps: ClaimIntentDeps,
  account: string,
  refusal: LedgerFault | CellConflict,
): Promise<ControlCell> => {
  if (refusal.type !== "CellConflict") return loadCell(deps.ledger, account);
  if (refusal.current === undefined) throw new RetryableError("The account's cell is not there.");
  return refusal.current;
};

/**
 * What the broker shows after the cell was read: a claim against that very cell then proves that
 * what was read is not older than what the cell counts. Orders first: what fills in between counts
 * twice, and never not at all. Books that only differ know every order of ours, and no fault keeps
 * an exit from going by them.
 */
const readBroker = async (
  { broker }: ClaimIntentDeps,
  cell: ControlCell,
): Promise<AtBroker | undefined> => {
  if (!isSizedByBroker(cell)) {
    const read = await broker.listPositions();
    return read.ok ? { openOrders: [], positions: read.value } : undefined;
  }
  const openOrders = await broker.listOpenOrders();
  const positions = openOrders.ok ? await broker.listPositions() : openOrders;
  if (openOrders.ok && positions.ok) {
    return { openOrders: openOrders.value, positions: positions.value };
  }
  const detail = positions.ok ? "" : positions.error.detail;
  throw new RetryableError(`The exit was not sized: the broker was not read. ${detail}`);
};

const decide = (
  deps: ClaimIntentDeps,
  input: Omit<GuardInput, "session" | "region">,
): ReturnType<typeof guardOrder> => {
  const moment = marketPhase(input.nowMs);
  const session = moment.phase === "open" ? moment.session : undefined;
  return guardOrder({ ...input, session, region: deps.settings.region });
};

/** The last known quote; an exit goes on without one. */
const latestQuote = async (
  deps: ClaimIntentDeps,
  intent: OrderIntent,
): Promise<ValidQuote | undefined> => {
  const shard = shardOf(intent.symbol, deps.settings);
  if (shard === undefined) return undefined;
  try {
    const quotes = await deps.telemetry.loadQuotes(shard);
    return quotes.find((quote) => quote.symbol === intent.symbol);
  } catch (error) {
    if (intent.purpose === "exit" && error instanceof RetryableError) return undefined;
    throw error;
  }
};
