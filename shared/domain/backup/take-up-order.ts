import type { Price } from "../market/price.ts";
import { parseSessionDate, type SessionDate } from "../market/session-date.ts";
import { ZERO_SHARES } from "../market/quantity.ts";
import { type BrokerLeg, type BrokerOrder, isLiveStatus } from "../orders/broker-state.ts";
import {
  accountOfClientOrderId,
  type ClientOrderId,
  sessionOfClientOrderId,
} from "../orders/client-order-id.ts";
import { mayBeLive, type Order } from "../orders/order.ts";
import type { OrderEvent } from "../orders/order-event.ts";
import type { OrderIntent, Protection } from "../orders/order-intent.ts";
import type { Claim } from "../risk/control-cell.ts";

const REASON = "Found at the broker after a restore.";

/** The smallest price there is: where the broker names none, nothing is risked any more. */
const LEAST = 1 as Price;

/**
 * The beginning of a history that was lost, from what the broker says of the order: what was
 * decided, claimed and acknowledged. What was looked at for the decision is not known any more, and
 * an entry that still works is valid no longer: it is cancelled, as nobody waits for it.
 */
const lostHistory = (
  clientOrderId: ClientOrderId,
  report: BrokerOrder,
  { epoch, atMs }: { readonly epoch: number; readonly atMs: number },
): readonly OrderEvent[] => {
  const sentAtMs = Math.min(report.submittedAtMs ?? atMs, atMs);
  const intent = intentOf(clientOrderId, report, sentAtMs);
  return [
    { type: "intentRecorded", atMs: sentAtMs, intent, recordedBy: "restore" },
    ...claimedEvents(report, { epoch, atMs: sentAtMs }),
  ];
};

/** What a history lacks that ends before the claim, although the broker has the order. */
const claimedEvents = (
  { brokerOrderId, quantity }: BrokerOrder,
  { epoch, atMs }: { readonly epoch: number; readonly atMs: number },
): readonly OrderEvent[] => [
  {
    type: "claimed",
    atMs,
    epoch,
    claimId: `restore-${brokerOrderId}`,
    submitByMs: atMs,
    quantity,
  },
  { type: "acknowledged", atMs, brokerOrderId },
];

const intentOf = (
  clientOrderId: ClientOrderId,
  report: BrokerOrder,
  sentAtMs: number,
): OrderIntent => {
  const [, strategy = "", , , , , , leg] = clientOrderId.split("_");
  const { symbol, side, quantity, limitPrice, averagePrice, pricing } = report;
  return {
    clientOrderId,
    strategy,
    account: accountOfClientOrderId(clientOrderId),
    symbol,
    sessionDate: sessionOf(clientOrderId),
    side,
    purpose: leg === "entry" ? "entry" : "exit",
    quantity,
    pricing:
      pricing === "limit" && limitPrice !== null
        ? { type: "limit", limitPrice }
        : { type: "market" },
    protection: leg === "entry" ? protectionOf(report.legs) : null,
    referencePrice: limitPrice ?? averagePrice ?? LEAST,
    decidedAtMs: sentAtMs,
    validUntilMs: sentAtMs,
    reason: REASON,
    score: null,
  };
};

const sessionOf = (clientOrderId: ClientOrderId): SessionDate => {
  const digits = sessionOfClientOrderId(clientOrderId);
  const text = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
  return parseSessionDate(text) ?? (text as SessionDate);
};

/** The bracket, as its two legs tell it. */
const protectionOf = (legs: readonly BrokerLeg[]): Protection | null => {
  const priceOf = (role: BrokerLeg["role"]) => legs.find((leg) => leg.role === role)?.price ?? null;
  const [stopPrice, targetPrice] = [priceOf("stop"), priceOf("target")];
  return stopPrice === null || targetPrice === null ? null : { stopPrice, targetPrice };
};

/**
 * What a history lacks that the broker's order has: all of it where there is none; the claim where
 * it ends before one; and where it says that the order was never sent, or is over, although the
 * broker has filled more of it or still holds it, that it was found there.
 */
export const missingEvents = (
  clientOrderId: ClientOrderId,
  known: Order | undefined,
  report: BrokerOrder,
  at: { readonly epoch: number; readonly atMs: number },
): readonly OrderEvent[] => {
  if (known === undefined) return lostHistory(clientOrderId, report, at);
  switch (known.state.name) {
    case "new":
    case "notSent":
      return claimedEvents(report, {
        ...at,
        atMs: Math.min(report.submittedAtMs ?? at.atMs, at.atMs),
      });
    case "denied":
    case "expired":
      return isLiveStatus(report.status) || report.filled > known.filled
        ? [{ type: "orphaned", atMs: at.atMs, brokerOrderId: report.brokerOrderId }]
        : [];
    case "claimed":
    case "acknowledged":
    case "unknown":
    case "orphaned":
    case "partiallyFilled":
    case "rejected":
    case "filled":
    case "cancelled":
    case "replaced":
      return [];
  }
};

/**
 * Whether a claim has to stand for an order again: the broker has it, the history may be live, and
 * the cell of the backup, which counts every claim from before, does not know it.
 */
export const lacksClaim = ({ state }: Order): boolean => mayBeLive(state);

/** The claim with which reconciliation books what the broker reports: nothing of it is held yet. */
export const claimOfLost = (order: Order, report: BrokerOrder, epoch: number): Claim => {
  const { intent, lastClaim } = order;
  const atMs = lastClaim?.atMs ?? intent.decidedAtMs;
  const { pricing, referencePrice } = intent;
  return {
    clientOrderId: intent.clientOrderId,
    claimId: lastClaim?.claimId ?? `restore-${report.brokerOrderId}`,
    epoch: lastClaim?.epoch ?? epoch,
    symbol: intent.symbol,
    side: intent.side,
    purpose: intent.purpose,
    quantity: report.quantity,
    filled: ZERO_SHARES,
    filledPrice: null,
    price: pricing.type === "limit" ? pricing.limitPrice : referencePrice,
    stage: "working",
    claimedAtMs: atMs,
    submitByMs: atMs,
    validUntilMs: intent.validUntilMs,
    protection: intent.protection,
    closed: ZERO_SHARES,
    closedPrice: null,
    liveLegIds: [],
    entryBeforeMs: null,
    absentSinceMs: null,
  };
};
