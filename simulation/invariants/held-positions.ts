import type { Ticker } from "../../shared/domain/market/ticker.ts";
import type { Claim, ControlCell, Holding } from "../../shared/domain/risk/control-cell.ts";

/** A position that the ledger knows of, and what speaks for leaving it. Changed in place. */
export type HeldPosition = {
  readonly symbol: Ticker;
  /** Since when the ledger has known of a position on this side. */
  readonly knownSinceMs: number;
  holding: Holding;
  /** An exit is claimed now. */
  isLeaving: boolean;
  /** When an exit was last sent to the queue, or stood in the cell. */
  exitAtMs: number;
  /** The cycles that an exit was sent for, by the minute of the day: they make no other one. */
  readonly exitMinutes: Set<number>;
  /** Since when it has neither a bracket nor any other order. */
  bareSinceMs: number | undefined;
  /** Since when every price that was published of it is beyond stop or target. */
  crossedSinceMs: number | undefined;
};

/** Takes over what a cell says of positions, and of what stands for them. */
export const followPositions = (
  held: Map<string, HeldPosition>,
  cell: ControlCell,
  atMs: number,
): void => {
  for (const symbol of held.keys()) {
    if ((cell.holdings[symbol]?.quantity ?? 0) === 0) held.delete(symbol);
  }
  const claims = Object.values(cell.inFlight);
  for (const [symbol, holding] of Object.entries(cell.holdings)) {
    if (holding.quantity === 0) continue;
    const position = positionAfter(held.get(symbol), symbol as Ticker, holding, atMs);
    held.set(symbol, position);
    noteClaims(
      position,
      claims.filter((claim) => claim.symbol === symbol),
      atMs,
    );
  }
};

const positionAfter = (
  before: HeldPosition | undefined,
  symbol: Ticker,
  holding: Holding,
  atMs: number,
): HeldPosition => {
  const isSameSide =
    before !== undefined && Math.sign(before.holding.quantity) === Math.sign(holding.quantity);
  if (!isSameSide) {
    return {
      symbol,
      knownSinceMs: atMs,
      holding,
      isLeaving: false,
      exitAtMs: -Infinity,
      exitMinutes: new Set(),
      bareSinceMs: undefined,
      crossedSinceMs: undefined,
    };
  }
  const { quantity, averagePrice } = before.holding;
  // Prices are held against another average from here on.
  if (quantity !== holding.quantity || averagePrice !== holding.averagePrice) {
    before.crossedSinceMs = undefined;
  }
  before.holding = holding;
  return before;
};

const noteClaims = (position: HeldPosition, claims: readonly Claim[], atMs: number): void => {
  const isLeaving = claims.some(({ purpose }) => purpose === "exit");
  if (isLeaving || position.isLeaving) position.exitAtMs = atMs;
  position.isLeaving = isLeaving;
  // What was taken over never had a bracket.
  const isBare = claims.length === 0 && position.holding.lastEntryAtMs !== null;
  position.bareSinceMs = isBare ? (position.bareSinceMs ?? atMs) : undefined;
};
