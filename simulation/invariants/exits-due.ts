import { marketPhase } from "../../shared/domain/market/calendar.ts";
import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { WorldView } from "../observation.ts";
import { followPositions, type HeldPosition } from "./held-positions.ts";
import { SKEW_MAX_MS } from "./invariant.ts";

/** What is held, and since when it should be left. */
export type ExitsDue = {
  readonly held: ReadonlyMap<string, HeldPosition>;
  readonly noteCell: (cell: ControlCell, isContinued: boolean, atMs: number) => void;
  /** The cell cannot be relied on: what is held is known again with its next write. */
  readonly forget: () => void;
  /** An exit was sent to the queue, decided for the cycle of a minute of the day. */
  readonly noteExit: (symbol: string, minute: number, atMs: number) => void;
  /** Prices were published: bids and asks of these symbols. */
  readonly notePrices: (published: PublishedPrices, view: WorldView, atMs: number) => void;
  /**
   * Since when, epoch ms, a function that reads the ledger has had a reason to leave a position that
   * it still has `atMs`; Infinity where there is none. A price is one from its publishing on, if
   * that was not after `pricedMs`.
   */
  readonly dueSinceMs: (
    position: HeldPosition,
    view: WorldView,
    times: { readonly atMs: number; readonly pricedMs: number },
  ) => number;
};

/** The prices of a market-data message; a symbol may come more than once. */
export type PublishedPrices = {
  readonly symbols: readonly string[];
  readonly bids: readonly number[];
  readonly asks: readonly number[];
};

/** A position from before the open may wait so long until it is known whether shares were split. */
const SPLIT_WAIT_MS = 5 * 60_000;
/** Average prices are rounded in the ledger and at the broker: so much is no difference. */
const ROUNDING = 1e-4;

/**
 * Follows what is held and which of the simplest reasons to leave it hold: closing everything, the
 * longest time, the end of the day, prices beyond stop and target, nothing that protects it. They are
 * said here again, and held against the broker's own average price. A reversal is left out.
 */
export const createExitsDue = (): ExitsDue => {
  const held = new Map<string, HeldPosition>();
  let flatteningSinceMs: number | undefined;
  /** Since when exits are allowed and the same Region makes them. */
  let allowedSinceMs = Infinity;
  let last: ControlCell | undefined;

  const noteCell: ExitsDue["noteCell"] = (cell, isContinued, atMs) => {
    if (!isContinued) {
      held.clear();
      last = undefined;
    }
    const { mode, isFlattening } = cell.tradingState;
    if (mode === "halted") allowedSinceMs = Infinity;
    else if (allowedSinceMs === Infinity || last?.activeRegion !== cell.activeRegion) {
      allowedSinceMs = atMs;
    }
    flatteningSinceMs = isFlattening ? (flatteningSinceMs ?? atMs) : undefined;
    const isSame = last?.holdings === cell.holdings && last.inFlight === cell.inFlight;
    last = cell;
    if (!isSame) followPositions(held, cell, atMs);
  };
  const dueSinceMs: ExitsDue["dueSinceMs"] = (position, { settings }, { atMs, pricedMs }) => {
    // Whoever is ahead of time finds the market closed already.
    const { phase, session } = marketPhase(atMs + SKEW_MAX_MS);
    if (phase !== "open" || session === undefined) return Infinity;
    const { knownSinceMs, bareSinceMs = Infinity, crossedSinceMs = Infinity } = position;
    const { holdingMaxMs, beforeCloseMs } = settings.exit;
    const isFromBefore = knownSinceMs < session.opensAtMs;
    const isPriced = !isFromBefore && crossedSinceMs <= pricedMs;
    const endsMs = isFromBefore ? session.opensAtMs : session.closesAtMs - (beforeCloseMs ?? 0);
    const dayEndsMs = beforeCloseMs === undefined ? Infinity : endsMs;
    const reasonMs = Math.min(
      Math.min(knownSinceMs + holdingMaxMs, dayEndsMs) + SKEW_MAX_MS,
      flatteningSinceMs ?? Infinity,
      bareSinceMs,
      isPriced ? crossedSinceMs : Infinity,
    );
    const opensMs = session.opensAtMs + SKEW_MAX_MS + (isFromBefore ? SPLIT_WAIT_MS : 0);
    const sinceMs = Math.max(reasonMs, knownSinceMs, allowedSinceMs, opensMs);
    return sinceMs <= atMs ? sinceMs : Infinity;
  };
  return {
    held,
    noteCell,
    forget: () => {
      held.clear();
      last = undefined;
      allowedSinceMs = Infinity;
    },
    noteExit: (symbol, minute, atMs) => {
      const position = held.get(symbol);
      if (position === undefined) return;
      position.exitAtMs = atMs;
      position.exitMinutes.add(minute);
    },
    notePrices: (published, view, atMs) => {
      for (const position of held.values()) notePrices(position, published, view, atMs);
    },
    dueSinceMs,
  };
};

const notePrices = (
  position: HeldPosition,
  { symbols, bids, asks }: PublishedPrices,
  { exchange, settings }: WorldView,
  atMs: number,
): void => {
  if (!symbols.includes(position.symbol)) return;
  const { averageEntryPrice = 0 } = exchange.getPosition(position.symbol) ?? {};
  const average = averageEntryPrice / MONEY_UNITS_PER_PRICE_UNIT;
  const isLong = position.holding.quantity > 0;
  const { stopRatio, targetRatio } = settings.exit;
  const isCrossed = symbols.every((symbol, index) => {
    const price = (isLong ? bids[index] : asks[index]) ?? 0;
    if (symbol !== position.symbol) return true;
    // Without a price nothing is beyond anything.
    if (price <= 0 || average <= 0) return false;
    const gain = ((price - average) / average) * (isLong ? 1 : -1);
    return gain <= -stopRatio - ROUNDING || gain >= targetRatio + ROUNDING;
  });
  position.crossedSinceMs = isCrossed ? (position.crossedSinceMs ?? atMs) : undefined;
};

/** Money is counted in millionths of a dollar, prices in ten-thousandths. */
const MONEY_UNITS_PER_PRICE_UNIT = 100;
