import { RetryableError, TerminalError } from "../domain/fault.ts";
import { marketPhase, type Session } from "../domain/market/calendar.ts";
import type { QuotedPrice } from "../domain/market/quote.ts";
import { areOf } from "../domain/market/symbols-in-order.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import { groupOf } from "../domain/orders/message-group.ts";
import type { OrderIntent } from "../domain/orders/order-intent.ts";
import { type ControlCell, holdingOf, isOpen } from "../domain/risk/control-cell.ts";
import { addProposal, noProposals } from "../domain/risk/proposals.ts";
import type { Settings } from "../domain/settings.ts";
import { afterQuote } from "../domain/signals/basic-signal.ts";
import { type EnrichedFlow, enrichFlow, tideNow } from "../domain/signals/enrich-flow.ts";
import type { FlowEvidence, MarketTide } from "../domain/signals/flow.ts";
import type { Clock } from "../ports/clock.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { MessageSender } from "../ports/message-queue.ts";
import type { StoredFlow, Telemetry } from "../ports/telemetry.ts";
import { decideSymbol } from "./decide/decide-symbol.ts";
import type { DecisionInput } from "./decide/decision-input.ts";
import { addDecision, type DecisionTally, emptyTally } from "./decision-tally.ts";
import type { MarketDataMessage } from "./market-data-message.ts";
import { type PriceSamples, recordDecisions } from "./record-decisions.ts";
import { proveScored } from "./prove-scored.ts";
import {
  createScoreMemory,
  heldOf,
  newestOf,
  NOTHING_QUOTED,
  type ScoreMemory,
  startTurn,
  type SymbolMemory,
} from "./score-memory.ts";

/** What scoring a shard came to. */
type ShardScored = {
  readonly symbols: number;
  readonly entries: number;
  readonly exits: number;
};

/** Scores one shard's quotes and sends what is to be traded. */
export type ScoreSignals = (message: MarketDataMessage) => Promise<ShardScored>;

/** What scoring needs. */
export type ScoreSignalsDeps = {
  readonly ledger: Pick<Ledger, "loadCell">;
  readonly telemetry: Telemetry;
  /** Entries. */
  readonly orders: MessageSender;
  readonly exits: MessageSender;
  readonly clock: Clock;
  readonly settings: Settings;
};

/**
 * Decides about every symbol of the message, and about what is held in its shard without a quote:
 * exits go out before entries, and both before anything is counted. A message that comes twice
 * makes the same intents under the same ids; one that waited too long brings exits alone. Flow that
 * cannot be read stops entries alone, and broken flow those of its own symbol; a tide that cannot
 * be read is missing from the scores, and said to be. Throws `RetryableError` while the ledger does
 * not answer, `TerminalError` when it is corrupt.
 */
export const createScoreSignals = (deps: ScoreSignalsDeps): ScoreSignals => {
  const memory = createScoreMemory(deps.settings);
  const mids: PriceSamples = new Map();
  return async (message) => {
    const startedAtMs = deps.clock.monotonicMs();
    const scene = await gather(deps, message, memory);
    const tally = decide(scene, deps.settings);
    const { symbols, entries, exits, withoutModel, withBrokenFlow } = tally;
    const withoutTide = scene.isTideBroken ? symbols : 0;
    await send(deps.exits, exits);
    await send(deps.orders, entries);
    const { quotes, session, isStale } = scene;
    await recordDecisions(deps.telemetry, { message, tally, quotes, session, isStale, mids });
    const intents = entries.length + exits.length;
    const scored = { intents, withoutModel, withBrokenFlow, withoutTide, startedAtMs };
    await proveScored(deps, message, scored);
    return { symbols, entries: entries.length, exits: exits.length };
  };
};

/** Everything that the decisions of one message look at. */
type Scene = {
  /** The symbols to decide about, those with a quote first. */
  readonly candidates: readonly SymbolMemory[];
  /** The newest of each symbol that has one, in the order of the candidates. */
  readonly quotes: readonly QuotedPrice[];
  readonly lastKnown: ReadonlyMap<Ticker, QuotedPrice>;
  /** One place a candidate; `undefined` as a whole where flow could not be read. */
  readonly flow: readonly (FlowEvidence | undefined)[] | undefined;
  /** Of the whole market; `undefined` where it is not known, or of old. */
  readonly tide: MarketTide | undefined;
  /** A tide is stored that cannot be read. */
  readonly isTideBroken: boolean;
  readonly cell: ControlCell | undefined;
  readonly session: Session | undefined;
  readonly message: MarketDataMessage;
  /** It waited so long that its quotes are good for no entry, and newer ones are known. */
  readonly isStale: boolean;
  readonly nowMs: number;
};

const gather = async (
  deps: ScoreSignalsDeps,
  message: MarketDataMessage,
  memory: ScoreMemory,
): Promise<Scene> => {
  const loaded = await deps.ledger.loadCell(deps.settings.account);
  if (!loaded.ok) {
    const detail = `The account's cell was not read: ${loaded.error.detail}`;
    throw loaded.error.type === "LedgerCorrupt"
      ? new TerminalError(detail)
      : new RetryableError(detail);
  }
  const nowMs = deps.clock.nowMs();
  const isStale = nowMs - message.slotMs > deps.settings.validation.ageMaxMs;
  const turn = startTurn(memory);
  // Under a backlog exits alone go on, on the last known price, which is newer than this message.
  const { quoted, quotes } = isStale
    ? { quoted: NOTHING_QUOTED, quotes: [] }
    : newestOf(message, memory, turn);
  const held = heldOf(loaded.value, memory).byShard.get(message.shard) ?? [];
  const unquoted = held.filter((known) => known.turn !== turn);
  const isAllQuoted = unquoted.length === 0;
  const candidates = isAllQuoted ? quoted.known : quoted.known.concat(unquoted);
  const symbols = isAllQuoted ? quoted.symbols : candidates.map(({ symbol }) => symbol);
  const moment = marketPhase(nowMs);
  const lastKnown = isAllQuoted ? new Map() : await loadLastKnown(deps, message.shard);
  const known = await loadFlow(deps, symbols);
  return {
    candidates,
    quotes,
    lastKnown,
    flow: known && inOrderOf(symbols, known.evidence),
    tide: tideNow(known?.marketTide, nowMs, deps.settings.enrichment),
    isTideBroken: known?.isTideBroken ?? false,
    cell: loaded.value,
    session: moment.phase === "open" ? moment.session : undefined,
    message,
    isStale,
    nowMs,
  };
};

const loadLastKnown = async (
  deps: ScoreSignalsDeps,
  shard: number,
): Promise<ReadonlyMap<Ticker, QuotedPrice>> => {
  try {
    const quotes = await deps.telemetry.loadQuotes(shard);
    return new Map(quotes.map((quote) => [quote.symbol, quote]));
  } catch (error) {
    // Time and the end of the day close positions without any price.
    if (error instanceof RetryableError) return new Map();
    throw error;
  }
};

const loadFlow = async (
  deps: ScoreSignalsDeps,
  symbols: readonly Ticker[],
): Promise<StoredFlow | undefined> => {
  try {
    return await deps.telemetry.loadFlow(symbols);
  } catch (error) {
    if (error instanceof RetryableError) return undefined;
    throw error;
  }
};

/** The evidence of each symbol; a store that answers in their order needs no index. */
const inOrderOf = (
  symbols: readonly Ticker[],
  evidence: readonly FlowEvidence[],
): readonly (FlowEvidence | undefined)[] => {
  // Nearly always: nothing is put together for it.
  if (areOf(evidence, symbols)) return evidence;
  let next = 0;
  const found = symbols.map((symbol) =>
    evidence[next]?.symbol === symbol ? evidence[next++] : undefined,
  );
  if (next === evidence.length) return found;
  const bySymbol = new Map(evidence.map((one) => [one.symbol, one]));
  return symbols.map((symbol) => bySymbol.get(symbol));
};

/**
 * Decides about one symbol after the other. What an entry would reserve counts against those behind
 * it: a message proposes no more than can be claimed.
 */
const decide = (scene: Scene, settings: Settings): DecisionTally => {
  const { candidates, quotes, flow, tide, lastKnown, session, nowMs, cell } = scene;
  const { sessionDate, slotMs } = scene.message;
  const tally = emptyTally();
  const [first] = candidates;
  if (first === undefined) return tally;
  const proposals = cell && noProposals(cell, sessionDate);
  const withoutFlow = flow === undefined ? "flowUnavailable" : "flowMissing";
  // One input for all symbols, changed from one to the next: no decision keeps it.
  const input: Changing<DecisionInput> = {
    symbol: first.symbol,
    quote: undefined,
    lastKnown: undefined,
    flow: undefined,
    tide,
    weighedBefore: undefined,
    withoutFlow,
    basic: undefined,
    cell,
    proposals,
    session,
    sessionDate,
    slotMs,
    nowMs,
  };
  for (let place = 0; place < candidates.length; place++) {
    const known = candidates[place] as SymbolMemory;
    const { symbol } = known;
    const quote = quotes[place];
    const evidence = flow?.[place];
    const measured = evidence && measureFlow(known, evidence, nowMs, settings);
    const isBroken = evidence !== undefined && measured === undefined;
    if (isBroken) tally.withBrokenFlow.push(symbol);
    const isHeld = cell !== undefined && isOpen(holdingOf(cell, symbol));
    if (isHeld && quote !== undefined) known.basic = afterQuote(known.basic, quote, slotMs);
    input.symbol = symbol;
    input.quote = quote;
    input.lastKnown = quote === undefined ? lastKnown.get(symbol) : undefined;
    input.flow = measured;
    input.withoutFlow = isBroken ? "flowBroken" : withoutFlow;
    input.weighedBefore = known.weighed;
    input.basic = isHeld ? known.basic : undefined;
    const decision = decideSymbol(input, settings);
    const { intent } = decision;
    known.weighed = decision.score ?? known.weighed;
    // What is proposed on the way claims, and changes no position.
    if (proposals !== undefined && intent?.purpose === "entry") {
      addProposal(proposals, { intent, quote, session, region: settings.region, nowMs });
    }
    addDecision(tally, decision, nowMs);
  }
  return tally;
};

/**
 * What a symbol's flow comes to now; `undefined` where that cannot be worked out, as of sums beyond
 * any money: what one symbol is told of must not stop the exits of another.
 */
const measureFlow = (
  known: SymbolMemory,
  evidence: FlowEvidence,
  nowMs: number,
  { enrichment }: Settings,
): EnrichedFlow | undefined => {
  try {
    known.measured = enrichFlow(evidence, nowMs, enrichment, known.measured);
  } catch {
    // Whatever was worked out by half does not count. Entries stop; the evidence names the symbol.
    known.measured = undefined;
  }
  return known.measured;
};

type Changing<Input> = { -readonly [Key in keyof Input]: Input[Key] };

const send = async (queue: MessageSender, intents: readonly OrderIntent[]): Promise<void> => {
  if (intents.length === 0) return;
  await queue.send(
    intents.map((intent) => ({
      body: JSON.stringify(intent),
      group: groupOf(intent),
      deduplicationId: intent.clientOrderId,
    })),
  );
};
