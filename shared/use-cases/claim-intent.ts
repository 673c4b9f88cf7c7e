import { RetryableError } from "../domain/fault.ts";
import { marketPhase } from "../domain/market/calendar.ts";
import type { ValidQuote } from "../domain/market/quote.ts";
import type { OrderIntent } from "../domain/orders/order-intent.ts";
import { claimOrder } from "../domain/risk/claim-order.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import type { Denial } from "../domain/risk/denial.ts";
import { type Approved, guardOrder } from "../domain/risk/guard.ts";
import { type Settings, shardOf } from "../domain/settings.ts";
import type { Clock } from "../ports/clock.ts";
import type { Random } from "../ports/random.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { backOff, CELL_TRIES_MAX, type CellWriterDeps, loadCell } from "./update-cell.ts";

/** A claim that is stored: the order may be sent until `submitByMs`, and by nobody else. */
export type ClaimedIntent = {
  readonly type: "claimed";
  readonly approved: Approved<OrderIntent>;
  readonly cell: ControlCell;
  readonly claimId: string;
  readonly claimedAtMs: number;
  readonly submitByMs: number;
  /** The same moment on the clock that never goes back. */
  readonly submitByMonotonicMs: number;
};

/** What came of asking for a claim. */
export type ClaimAttempt =
  | ClaimedIntent
  | { readonly type: "denied"; readonly denials: readonly Denial[] };

/** What claiming needs. */
export type ClaimIntentDeps = CellWriterDeps & {
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: Settings;
};

/** An order leaves us within this time of its claim or not at all. */
const SUBMIT_WITHIN_MS = 10_000;

/**
 * Asks the guard and writes the claim in one conditional write; again, with the guard asked anew,
 * for every version of the cell that others wrote meanwhile. A write whose answer was lost is
 * known by the claim's own name. Throws `RetryableError` when the claim's fate is not known: no
 * claim, no order.
 */
export const claimIntent = async (
  deps: ClaimIntentDeps,
  intent: OrderIntent,
): Promise<ClaimAttempt> => {
  let cell = await loadCell(deps.ledger, intent.account);
  const quote = await latestQuote(deps, intent);
  const claimId = deps.random.id();
  for (let tries = 1; tries <= CELL_TRIES_MAX; tries++) {
    const nowMs = deps.clock.nowMs();
    const decision = decide(deps, intent, cell, quote, nowMs);
    if (!decision.ok) return { type: "denied", denials: decision.error };
    const submitByMs = Math.min(nowMs + SUBMIT_WITHIN_MS, intent.validUntilMs);
    const submitByMonotonicMs = deps.clock.monotonicMs() + (submitByMs - nowMs);
    const next = claimOrder(cell, decision.value, { claimId, nowMs, submitByMs });
    if (!next.ok) throw new RetryableError("The cell moved while it was looked at.");
    const terms = { claimId, claimedAtMs: nowMs, submitByMs, submitByMonotonicMs };
    const claimed = { type: "claimed", approved: decision.value, ...terms } as const;
    const expected = { version: cell.version, epoch: cell.epoch };
    const saved = await deps.ledger.saveCell(next.value, expected);
    if (saved.ok) return { ...claimed, cell: next.value };
    const current =
      saved.error.type === "CellConflict"
        ? saved.error.current
        : await loadCell(deps.ledger, intent.account);
    if (current === undefined) throw new RetryableError("The account's cell is not there.");
    if (current.inFlight[intent.clientOrderId]?.claimId === claimId) {
      return { ...claimed, cell: current };
    }
    cell = current;
    await backOff(deps, tries);
  }
  throw new RetryableError(`The cell was written by others ${CELL_TRIES_MAX} times in a row.`);
};

const decide = (
  deps: ClaimIntentDeps,
  intent: OrderIntent,
  cell: ControlCell,
  quote: ValidQuote | undefined,
  nowMs: number,
): ReturnType<typeof guardOrder> => {
  const moment = marketPhase(nowMs);
  const session = moment.phase === "open" ? moment.session : undefined;
  return guardOrder({ intent, cell, quote, session, region: deps.settings.region, nowMs });
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
