import { listOf } from "../listed-record.ts";
import type { Price } from "../market/price.ts";
import {
  formatQuantity,
  type Quantity,
  QUANTITY_UNITS_PER_SHARE,
  ZERO_SHARES,
} from "../market/quantity.ts";
import { SPLIT_RATIOS } from "../market/share-split.ts";
import { believedAverage } from "../orders/believed-average.ts";
import type { BrokerPosition } from "../orders/broker-state.ts";
import { signOf } from "../orders/order-intent.ts";
import { adoptHolding } from "../risk/change-cell.ts";
import {
  type Claim,
  claimsIn,
  type ControlCell,
  protectedBy,
  remainingOf,
} from "../risk/control-cell.ts";
import type { BrokerObservation } from "./broker-observation.ts";
import type { Difference } from "./difference.ts";
import { DENIED_FOR_LONG_MS } from "./settle-claims.ts";

/** How far a split's average price may be from the exact ratio: cents are rounded. */
const SPLIT_TOLERANCE = 0.02;
/** An average price that is further away than this is reported, not only taken over. */
const AVERAGE_PRICE_TOLERANCE = 0.01;

/** Holdings brought to the broker's positions as far as that can be explained. */
export type ComparedPositions = {
  readonly cell: ControlCell;
  readonly differences: readonly Difference[];
};

/**
 * Compares every position. With orders in flight a position may lie anywhere between none and all
 * of them filled. In a new account what the broker holds is taken over; a split is recognised by
 * its ratio in quantity and price; anything else that is not ours stays a difference, and the
 * ledger keeps its own number until people decide (`adopt`).
 */
export const comparePositions = (
  start: ControlCell,
  seen: BrokerObservation,
  adopt: boolean,
): ComparedPositions => {
  let cell = start;
  const differences: Difference[] = [];
  const positions = new Map<string, BrokerPosition>();
  for (const one of seen.positions) positions.set(one.symbol, one);
  const compare = (symbol: string): void => {
    const holding = start.holdings[symbol];
    const held = holding?.quantity ?? ZERO_SHARES;
    const heldPrice = holding?.averagePrice ?? null;
    const position = positions.get(symbol);
    const actual = position?.quantity ?? ZERO_SHARES;
    const actualPrice = position === undefined ? null : believedAverage(position, heldPrice);
    if (position !== undefined && actualPrice !== position.averagePrice) {
      const detail = `${symbol}: the broker's average price is none: it would cost more than any sum.`;
      differences.push({ type: "averagePrice", detail });
    }
    // So it is of nearly every symbol in every minute.
    if (actual === held && actualPrice === heldPrice) return;
    const takeOver = (): void => {
      const believed =
        actualPrice === null ? undefined : { quantity: actual, averagePrice: actualPrice };
      cell = adoptHolding(cell, symbol, believed, seen.atMs);
    };
    if (actual === held) {
      takeOver();
      if (isFar(heldPrice, actualPrice)) {
        differences.push({ type: "averagePrice", detail: `${symbol}: the average price differs.` });
      }
      return;
    }
    // Asked first: a bracket explains fewer shares, but never at another average price.
    const wasSplit = isSplit(held, heldPrice, actual, actualPrice);
    if (!wasSplit && isWithinReach(possibleIn(start, seen), symbol, held, actual)) return;
    const words = `${symbol}: ledger ${formatQuantity(held)}, broker ${formatQuantity(actual)}.`;
    if (wasSplit) {
      takeOver();
      differences.push({ type: "corporateAction", detail: `A split: ${words}` });
    } else if (adopt || start.reconciliation.state === "never") takeOver();
    else differences.push({ type: "externalPosition", detail: words });
  };
  for (const symbol of listOf(start.holdings).names) compare(symbol);
  for (const symbol of positions.keys()) {
    if (start.holdings[symbol] === undefined) compare(symbol);
  }
  return { cell, differences };
};

const possibleIn = (cell: ControlCell, seen: BrokerObservation): readonly Claim[] =>
  claimsIn(cell).filter((claim) => mayExplain(claim, seen));

/**
 * Whether an order can still be what moved a position. One that the broker has denied for long
 * cannot: else it would explain what something else has done, and that would keep it for ever.
 */
const mayExplain = (
  { clientOrderId, absentSinceMs }: Claim,
  { lookups, atMs }: BrokerObservation,
): boolean =>
  absentSinceMs === null ||
  lookups.get(clientOrderId) !== "notFound" ||
  atMs - absentSinceMs < DENIED_FOR_LONG_MS;

/** Whether the orders in flight, and the brackets at the broker, can explain a position. */
const isWithinReach = (
  claims: readonly Claim[],
  symbol: string,
  held: Quantity,
  actual: Quantity,
): boolean => {
  let low: number = held;
  let high: number = held;
  for (const claim of claims) {
    if (claim.symbol !== symbol) continue;
    const [adding, closing] = [remainingOf(claim), protectedBy(claim)];
    if (signOf(claim.side) === 1) {
      high += adding;
      low -= closing;
    } else {
      low -= adding;
      high += closing;
    }
  }
  return actual >= low && actual <= high;
};

const isSplit = (
  held: Quantity,
  heldPrice: Price | null,
  actual: Quantity,
  actualPrice: Price | null,
): boolean => {
  if (held === 0 || actual === 0 || heldPrice === null || actualPrice === null) return false;
  return SPLIT_RATIOS.some(
    ({ newShares: to, oldShares: from }) =>
      // A fraction of a share that a split leaves may be paid in cash.
      Math.abs(actual - (held / from) * to) < QUANTITY_UNITS_PER_SHARE &&
      Math.abs((actualPrice * to) / (heldPrice * from) - 1) <= SPLIT_TOLERANCE,
  );
};

const isFar = (heldPrice: Price | null, actualPrice: Price | null): boolean =>
  heldPrice === null ||
  actualPrice === null ||
  Math.abs(actualPrice / heldPrice - 1) > AVERAGE_PRICE_TOLERANCE;
