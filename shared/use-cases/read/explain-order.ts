import { formatPrice } from "../../domain/market/price.ts";
import { formatQuantity } from "../../domain/market/quantity.ts";
import { type ClientOrderId, parseClientOrderId } from "../../domain/orders/client-order-id.ts";
import type { DecisionBasis, OrderIntent } from "../../domain/orders/order-intent.ts";
import type { OrderEvent } from "../../domain/orders/order-event.ts";
import { afterEvent, type Order } from "../../domain/orders/order.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { shardOf, type Settings } from "../../domain/settings.ts";
import type { ScoreRecord } from "../../domain/signals/score-record.ts";
import { RetryableError } from "../../domain/fault.ts";
import type { Auditing } from "../../ports/auditing.ts";
import type { Ledger } from "../../ports/ledger.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { createFindSeals, type OrderSealed } from "../audit/find-seals.ts";
import { describeOrderEvent } from "./describe-order-event.ts";
import type { ReadRefusal } from "./read-refusal.ts";

/** One step on an order's way; `reasons` say why, one by one, where there are several. */
export type ExplainedStep = {
  readonly atMs: number;
  /** `quoted`, `scored`, or the name of the event. */
  readonly type: "quoted" | "scored" | OrderEvent["type"];
  readonly sentence: string;
  readonly reasons: readonly string[];
};

/** An order from the quote that it was decided on to its end; prices and quantities as text. */
export type OrderExplained = {
  readonly clientOrderId: string;
  readonly account: string;
  readonly strategy: string;
  readonly symbol: string;
  readonly side: string;
  readonly purpose: string;
  readonly state: string;
  readonly brokerOrderId: string | null;
  readonly quantity: string;
  readonly filled: string;
  readonly averagePrice: string | null;
  /** The market's price that the decision saw. */
  readonly referencePrice: string;
  /** Null where no score was involved. */
  readonly score: number | null;
  /** The score's parts; null where no score was involved. */
  readonly components: ScoreRecord["components"] | null;
  /** Oldest first. */
  readonly steps: readonly ExplainedStep[];
  /** The events as they are stored. */
  readonly events: readonly OrderEvent[];
  /** Records of the audit that seal it, oldest first; null where the audit cannot be read. */
  readonly seals: readonly OrderSealed[] | null;
};

/** Tells the whole story of one order, by its client order id. */
export const createExplainOrder =
  (deps: {
    readonly ledger: Pick<Ledger, "loadEvents">;
    readonly telemetry: Pick<Telemetry, "loadScores">;
    /** Absent where nothing is audited. */
    readonly auditing?: Auditing | undefined;
    readonly settings: Settings;
  }) =>
  async (text: string): Promise<Result<OrderExplained, ReadRefusal>> => {
    const id = parseClientOrderId(text);
    if (id === undefined) return err({ type: "InvalidRequest", detail: NO_ID });
    const loaded = await deps.ledger.loadEvents(id);
    if (!loaded.ok) return err({ type: "Unavailable", detail: "The ledger cannot be read now." });
    const order = fold(loaded.value);
    if (order === undefined) return err({ type: "NotFound", detail: `There is no order ${id}.` });
    const [score, seals] = await Promise.all([
      findScore(deps, id, order),
      findSeals(deps, id, loaded.value),
    ]);
    return ok({ ...toView(order, loaded.value, score), seals });
  };

const NO_ID =
  "A client order id looks like hf_core_main_SPY_20131007_0935_buy_entry_0; `orders` lists them.";

/** The order as far as its history is legal: what is told stands in the events anyway. */
const fold = (events: readonly OrderEvent[]): Order | undefined => {
  let order: Order | undefined;
  for (const event of events) {
    const next = afterEvent(order, event);
    if (next.ok) order = next.value;
  }
  return order;
};

/** For orders that do not carry it: the score they came from, if it is still the latest. */
const findScore = async (
  deps: { readonly telemetry: Pick<Telemetry, "loadScores">; readonly settings: Settings },
  id: ClientOrderId,
  { intent }: Order,
): Promise<ScoreRecord | undefined> => {
  const shard = shardOf(intent.symbol, deps.settings);
  if (shard === undefined) return undefined;
  try {
    const scores = await deps.telemetry.loadScores(shard);
    return scores.find((score) => score.outcome === id);
  } catch (error) {
    // The story is the ledger's; only the score's parts are missing from it.
    if (error instanceof RetryableError) return undefined;
    throw error;
  }
};

/** Where the history stands in the audit: what is not sealed yet is within a minute. */
const findSeals = async (
  { auditing, settings }: { readonly auditing?: Auditing | undefined; readonly settings: Settings },
  id: ClientOrderId,
  events: readonly OrderEvent[],
): Promise<OrderExplained["seals"]> => {
  if (auditing === undefined) return null;
  const moments = events.map(({ atMs }) => atMs);
  const span = { firstMs: Math.min(...moments), lastMs: Math.max(...moments) };
  try {
    return await createFindSeals(auditing, settings.account)(id, span);
  } catch (error) {
    if (error instanceof RetryableError) return null;
    throw error;
  }
};

const toView = (
  order: Order,
  events: readonly OrderEvent[],
  score: ScoreRecord | undefined,
): Omit<OrderExplained, "seals"> => {
  const { intent } = order;
  const told = events.map((event): ExplainedStep => ({
    atMs: event.atMs,
    type: event.type,
    ...describeOrderEvent(event, order),
  }));
  return {
    clientOrderId: intent.clientOrderId,
    account: intent.account,
    strategy: intent.strategy,
    symbol: intent.symbol,
    side: intent.side,
    purpose: intent.purpose,
    state: order.state.name,
    brokerOrderId: order.brokerOrderId,
    quantity: formatQuantity(order.quantity),
    filled: formatQuantity(order.filled),
    averagePrice: order.averagePrice === null ? null : formatPrice(order.averagePrice),
    referencePrice: formatPrice(intent.referencePrice),
    score: intent.score,
    components: score?.components ?? intent.basis?.score?.components ?? null,
    steps: [...describeBasis(intent, score), ...told],
    events,
  };
};

/**
 * The quote and the score that the decision saw: from the order itself, else from the last scores.
 */
const describeBasis = (
  intent: OrderIntent,
  latest: ScoreRecord | undefined,
): readonly ExplainedStep[] => {
  const { basis, decidedAtMs, score } = intent;
  const quote = basis?.quote ?? null;
  const scored = basis?.score ?? latest ?? null;
  return [
    ...(quote === null ? [] : [describeQuote(quote, decidedAtMs)]),
    ...(scored === null
      ? []
      : [describeScore({ ...scored, score: score ?? latest?.score ?? 0 }, decidedAtMs)]),
  ];
};

const describeQuote = (
  quote: NonNullable<DecisionBasis["quote"]>,
  decidedAtMs: number,
): ExplainedStep => {
  const ageSeconds = ((decidedAtMs - quote.exchangeTimeMs) / 1_000).toFixed(1);
  const prices = `${formatPrice(quote.bid)} to ${formatPrice(quote.ask)}`;
  const sentence = `Quoted ${prices} by ${quote.source}, ${ageSeconds} s old at the decision.`;
  return { atMs: quote.exchangeTimeMs, type: "quoted", sentence, reasons: [] };
};

const describeScore = (
  score: NonNullable<DecisionBasis["score"]> & { readonly score: number },
  atMs: number,
): ExplainedStep => ({
  atMs,
  type: "scored",
  sentence:
    `Scored ${score.score.toFixed(2)} ${score.direction}, ` +
    `conviction ${score.conviction.toFixed(2)}, freshness ${score.freshness.toFixed(2)}.`,
  reasons: [
    ...score.components
      .filter(({ value }) => value !== 0)
      .toSorted((left, right) => Math.abs(right.value) - Math.abs(left.value))
      .map(({ name, value }) => `${name} ${value >= 0 ? "+" : ""}${value.toFixed(3)}`),
    ...(score.missing.length === 0 ? [] : [`no input: ${score.missing.join(", ")}`]),
  ],
});
