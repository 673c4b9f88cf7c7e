import { isOpen, type Order as ExchangeOrder } from "../../local/exchange/core/order.ts";
import { parseClientOrderId } from "../../shared/domain/orders/client-order-id.ts";
import type { Claim, ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { SubmitOutcome } from "../../shared/ports/broker.ts";
import type { Actor, Observation } from "../observation.ts";

/** A claim that was made in order to send, and what became of it. */
export type ClaimMade = {
  readonly claim: Claim;
  readonly actor: Actor;
  readonly atMs: number;
  /** The cell as the claim was made against it. */
  readonly against: ControlCell;
  /** Requests for its order that were at the broker. */
  requests: number;
  /** What its function was told. */
  answer: SubmitOutcome["type"] | undefined;
};

/** A Region held the account from here on. */
type Tenure = { readonly region: string; readonly fromMs: number };

/** What has been observed so far, as far as judging what comes next needs it. */
export type Facts = {
  /** As it was last written; also where it is damaged now. */
  readonly cell: () => ControlCell | undefined;
  /** By the order and the version of the cell that the claim was made against. */
  readonly claimAt: (clientOrderId: string, cellVersion: number) => ClaimMade | undefined;
  /** The newest claim of an order. */
  readonly lastClaim: (clientOrderId: string) => ClaimMade | undefined;
  /** The broker's order under an id of ours. */
  readonly orderOf: (clientOrderId: string) => ExchangeOrder | undefined;
  /** Whether the broker showed an order of ours to nobody at that moment, epoch ms. */
  readonly isHiddenAt: (clientOrderId: string, atMs: number) => boolean;
  /** Legs of brackets, by the broker's id of the entry. */
  readonly legsOf: (brokerOrderId: string) => readonly ExchangeOrder[];
  /** When an invocation started; the beginning of time for one that was not seen to. */
  readonly startedAtMs: (actor: Actor) => number;
  /** Whether a Region held the account at any time since. */
  readonly heldSince: (region: string, sinceMs: number) => boolean;
  /** Whether trading was halted at any time since. */
  readonly haltedSince: (sinceMs: number) => boolean;
  /**
   * When something last happened to a symbol at the broker that no ledger can foresee: others
   * traded, shares were split, a cancelled order filled, a request came after its claim was over.
   */
  readonly disturbedAtMs: (symbol: string) => number | undefined;
  /** Whether such a thing happened since. */
  readonly isDisturbedSince: (symbol: string, sinceMs: number) => boolean;
};

/** Facts, and how they go on. */
export type FactKeeper = Facts & { readonly note: (observation: Observation) => void };

/** Starts to gather facts; the first observation is the first fact. */
export const createFacts = (): FactKeeper => {
  const claims = new Map<string, ClaimMade>();
  const lastClaims = new Map<string, ClaimMade>();
  const orders = new Map<string, ExchangeOrder>();
  const hiddenUntil = new Map<string, number>();
  const legs = new Map<string, ExchangeOrder[]>();
  const started = new Map<number, number>();
  const disturbed = new Map<string, number>();
  const tenures: Tenure[] = [];
  let cell: ControlCell | undefined;
  let haltedUntilMs = -Infinity;

  const noteCell = (written: Extract<Observation, { type: "cellWritten" }>): void => {
    const { before, after, actor, atMs } = written;
    const wasHalted = cell?.tradingState.mode === "halted";
    if (wasHalted && after.tradingState.mode !== "halted") haltedUntilMs = atMs;
    cell = after;
    if (tenures.at(-1)?.region !== after.activeRegion) {
      tenures.push({ region: after.activeRegion, fromMs: atMs });
    }
    if (actor?.functionName !== "execute-orders") return;
    if (before === undefined || before === "damaged") return;
    for (const claim of claimsMade(before, after)) {
      const made = { claim, actor, atMs, against: before, requests: 0, answer: undefined };
      claims.set(`${claim.clientOrderId}@${before.version}`, made);
      lastClaims.set(claim.clientOrderId, made);
    }
  };
  const noteOrder = (
    before: ExchangeOrder | undefined,
    order: ExchangeOrder,
    atMs: number,
  ): void => {
    if (order.parentId !== undefined) {
      const known = (legs.get(order.parentId) ?? []).filter(({ id }) => id !== order.id);
      legs.set(order.parentId, [...known, order]);
    } else if (parseClientOrderId(order.clientOrderId) === undefined) {
      disturbed.set(order.symbol, atMs);
    } else {
      orders.set(order.clientOrderId, order);
      // It came after its claim was over: it may fill before anything else is known of it.
      const isLate = before === undefined && cell?.inFlight[order.clientOrderId] === undefined;
      if (isLate) disturbed.set(order.symbol, atMs);
    }
    const wasOver = before !== undefined && !isOpen(before);
    if (wasOver && order.filledQuantity > before.filledQuantity) disturbed.set(order.symbol, atMs);
  };

  return {
    cell: () => cell,
    claimAt: (clientOrderId, cellVersion) => claims.get(`${clientOrderId}@${cellVersion}`),
    lastClaim: (clientOrderId) => lastClaims.get(clientOrderId),
    orderOf: (clientOrderId) => orders.get(clientOrderId),
    isHiddenAt: (clientOrderId, atMs) => atMs < (hiddenUntil.get(clientOrderId) ?? -Infinity),
    legsOf: (brokerOrderId) => legs.get(brokerOrderId) ?? [],
    startedAtMs: (actor) => started.get(actor.invocation) ?? -Infinity,
    heldSince: (region, sinceMs) => {
      const current = tenures.at(-1);
      if (current === undefined || current.region === region) return true;
      return tenures.some(
        (one, index) => one.region === region && (tenures[index + 1]?.fromMs ?? 0) >= sinceMs,
      );
    },
    haltedSince: (sinceMs) => cell?.tradingState.mode === "halted" || haltedUntilMs >= sinceMs,
    disturbedAtMs: (symbol) => disturbed.get(symbol),
    isDisturbedSince: (symbol, sinceMs) => {
      const atMs = disturbed.get(symbol);
      return atMs !== undefined && atMs >= sinceMs;
    },
    note: (observation) => {
      const { atMs } = observation;
      if (observation.type === "functionStarted") {
        started.set(observation.actor.invocation, atMs);
      } else if (observation.type === "cellWritten") {
        noteCell(observation);
      } else if (observation.type === "brokerRequestArrived") {
        noteRequest(observation, claims, hiddenUntil);
      } else if (observation.type === "brokerAnswered") {
        const made = lastClaims.get(observation.clientOrderId);
        const isIts = made?.actor.invocation === observation.actor.invocation;
        if (made !== undefined && isIts) made.answer = observation.outcome;
      } else if (observation.type === "brokerOrderChanged") {
        noteOrder(observation.before, observation.order, atMs);
      } else if (observation.type === "split") {
        disturbed.set(observation.symbol, atMs);
      } else if (observation.type === "ledgerRestored") {
        cell = observation.cell;
        tenures.push({ region: cell?.activeRegion ?? "", fromMs: atMs });
        for (const symbol of symbolsOf(cell, orders)) disturbed.set(symbol, atMs);
      }
    },
  };
};

const noteRequest = (
  { intent, cellVersion, hiddenUntilMs }: Extract<Observation, { type: "brokerRequestArrived" }>,
  claims: ReadonlyMap<string, ClaimMade>,
  hiddenUntil: Map<string, number>,
): void => {
  const { clientOrderId } = intent;
  if (hiddenUntilMs !== undefined) hiddenUntil.set(clientOrderId, hiddenUntilMs);
  const made = claims.get(`${clientOrderId}@${cellVersion}`);
  if (made !== undefined) made.requests += 1;
};

/** What happened behind a backup no ledger knows: every symbol that anything was done in. */
const symbolsOf = (
  cell: ControlCell | undefined,
  orders: ReadonlyMap<string, ExchangeOrder>,
): ReadonlySet<string> =>
  new Set<string>([
    ...[...orders.values()].map(({ symbol }) => symbol),
    ...Object.values(cell?.inFlight ?? {}).map(({ symbol }) => symbol),
    ...Object.keys(cell?.holdings ?? {}),
  ]);

/** The claims that a write of the cell made. */
export const claimsMade = (before: ControlCell, after: ControlCell): readonly Claim[] =>
  Object.values(after.inFlight).filter(
    ({ clientOrderId, claimId }) => before.inFlight[clientOrderId]?.claimId !== claimId,
  );
