import type { TableSource } from "../shared/adapters/backup/own-exports.ts";
import { createRecordedItems } from "../shared/adapters/backup/recorded-items.ts";
import { sha256 } from "../shared/adapters/host/digest.ts";
import { createMemoryItemStore } from "../shared/adapters/memory/item-store.ts";
import { createStoredLedger } from "../shared/adapters/stored/ledger.ts";
import { assert } from "../shared/domain/assert.ts";
import { canonicalJson } from "../shared/domain/canonical-json.ts";
import { nextSession } from "../shared/domain/market/calendar.ts";
import type { Price } from "../shared/domain/market/price.ts";
import { shares } from "../shared/domain/market/quantity.ts";
import { parseSessionDate } from "../shared/domain/market/session-date.ts";
import { parseTicker } from "../shared/domain/market/ticker.ts";
import { clientOrderIdOf } from "../shared/domain/orders/client-order-id.ts";
import type { OrderEvent } from "../shared/domain/orders/order-event.ts";
import { openCell } from "../shared/domain/risk/control-cell.ts";
import { DEFAULT_LIMITS } from "../shared/domain/risk/limits.ts";
import type { Clock } from "../shared/ports/clock.ts";

/** Whose ledger it is. */
export const RESTORE_ACCOUNT = "bench";

const PRICE = 1_000_000 as Price;
const MINUTE_MS = 60_000;

/**
 * Makes the ledger of an account that has traded for so many sessions, as many buys as sells,
 * sealed as on disk, and hands its source to whoever backs it up after each of them.
 */
export const tradedLedger = async (
  clock: Clock,
  sessions: number,
  ordersPerSession: number,
  backUp: (source: TableSource) => Promise<void>,
): Promise<{ readonly orders: number }> => {
  const symbol = parseTicker("IBM");
  let date = parseSessionDate("2026-01-02");
  assert(symbol !== undefined && date !== undefined, "The bench's names are valid.");
  const recorded = createRecordedItems({ ...createMemoryItemStore(), isTrusted: false }, clock);
  const ledger = createStoredLedger(recorded.store);
  const limits = DEFAULT_LIMITS;
  const limitsDigest = sha256(canonicalJson(limits));
  const first = { account: RESTORE_ACCOUNT, region: "local", limits, limitsDigest, nowMs: 0 };
  await ledger.saveCell(openCell(first), { version: 0, epoch: 0 });
  for (let session = 0; session < sessions; session++) {
    const { opensAtMs, date: sessionDate } = nextSession(date);
    date = sessionDate;
    for (let order = 0; order < ordersPerSession; order++) {
      const intent = intentOf({ symbol, sessionDate, opensAtMs, order });
      let sequence = 0;
      for (const events of eventsOf(intent)) {
        await ledger.appendEvents(intent.clientOrderId, sequence, events);
        sequence += events.length;
      }
    }
    await backUp(recorded.source);
  }
  return { orders: sessions * ordersPerSession };
};

type Intent = Extract<OrderEvent, { type: "intentRecorded" }>["intent"];

/** Two orders a minute: one that enters, and one that leaves as much. */
const intentOf = ({
  symbol,
  sessionDate,
  opensAtMs,
  order,
}: Pick<Intent, "symbol" | "sessionDate"> & {
  readonly opensAtMs: number;
  readonly order: number;
}): Intent => {
  const barTimeMs = opensAtMs + Math.floor(order / 2) * MINUTE_MS;
  const side = order % 2 === 0 ? "buy" : "sell";
  const purpose = side === "buy" ? "entry" : "exit";
  const decision = {
    strategy: "core",
    account: RESTORE_ACCOUNT,
    symbol,
    sessionDate,
    side,
  } as const;
  return {
    ...decision,
    clientOrderId: clientOrderIdOf({ ...decision, barTimeMs, leg: purpose, revision: 0 }),
    purpose,
    quantity: shares(2),
    pricing: { type: "limit", limitPrice: PRICE },
    protection: null,
    referencePrice: PRICE,
    decidedAtMs: barTimeMs,
    validUntilMs: barTimeMs + MINUTE_MS,
    reason: "The bench trades.",
    score: 4,
  };
};

/** The three items that an order leaves: recorded, claimed and acknowledged, filled. */
const eventsOf = (
  intent: Intent,
  atMs = intent.decidedAtMs,
): readonly (readonly OrderEvent[])[] => [
  [{ type: "intentRecorded", atMs, intent, recordedBy: "bench" }],
  [
    {
      type: "claimed",
      atMs,
      epoch: 1,
      claimId: `c-${intent.clientOrderId}`,
      submitByMs: atMs + MINUTE_MS,
      quantity: intent.quantity,
    },
    { type: "acknowledged", atMs, brokerOrderId: `b-${intent.clientOrderId}` },
  ],
  [
    {
      type: "fillObserved",
      atMs,
      brokerOrderId: `b-${intent.clientOrderId}`,
      cumulativeFilled: intent.quantity,
      averagePrice: PRICE,
    },
  ],
];
