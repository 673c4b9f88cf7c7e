import type {
  BrokerAccount,
  BrokerOrder,
  BrokerPosition,
  Execution,
} from "../domain/orders/broker-state.ts";
import type { ClientOrderId } from "../domain/orders/client-order-id.ts";
import type { OrderIntent } from "../domain/orders/order-intent.ts";
import type { Approved } from "../domain/risk/guard.ts";
import type { Result } from "../domain/result.ts";
import type { VendorFault } from "./vendor-fault.ts";

/** What the answer to a submission means; anything that is not certain is `unknown`. */
export type SubmitOutcome =
  | { readonly type: "acknowledged"; readonly order: BrokerOrder }
  /** "must be unique": it landed before, and this is the order that has the id. */
  | { readonly type: "alreadyExists"; readonly order: BrokerOrder }
  | { readonly type: "rejected"; readonly code: string; readonly detail: string }
  | { readonly type: "unauthorized"; readonly detail: string }
  | { readonly type: "notSent"; readonly detail: string; readonly retryAtMs?: number }
  /** Never sent, and never to be: the mode sends nothing. */
  | { readonly type: "withheld"; readonly detail: string }
  | { readonly type: "unknown"; readonly detail: string };

/** The broker's answer about one order; `notFound` is its word, not yet proof. */
export type OrderLookup =
  | { readonly type: "found"; readonly order: BrokerOrder }
  | { readonly type: "notFound" };

/** An order that is asked for, and the moment before which it cannot have been submitted. */
export type AskedOrder = {
  readonly clientOrderId: ClientOrderId;
  /** Epoch ms, by the broker's clock. */
  readonly sinceMs: number;
};

/** The broker's clock; an answer older than 60 s counts as unknown: nothing is entered then. */
export type BrokerClock = {
  readonly atMs: number;
  readonly isOpen: boolean;
  readonly nextOpenMs: number;
  readonly nextCloseMs: number;
};

/** The one that holds the orders and the positions: the truth above the ledger. */
export type Broker = {
  /** Only an order that the guard approved can be sent; never throws, never retries by itself. */
  readonly submitOrder: (
    approved: Approved<OrderIntent>,
    deadlineMs: number,
  ) => Promise<SubmitOutcome>;
  /** Answers, or is a fault, within so many milliseconds if that is less than it usually takes. */
  readonly findOrder: (
    clientOrderId: ClientOrderId,
    withinMs?: number,
  ) => Promise<Result<OrderLookup, VendorFault>>;
  /**
   * As many of these orders as one request can tell of, each with its bracket, by client order id;
   * the one that is asked for since the earliest moment is among what is looked at. What the answer
   * does not bring was not answered for: only `findOrder` says that an order is not there.
   */
  readonly findOrders: (
    asked: readonly AskedOrder[],
  ) => Promise<Result<ReadonlyMap<string, BrokerOrder>, VendorFault>>;
  readonly listOpenOrders: () => Promise<Result<readonly BrokerOrder[], VendorFault>>;
  /** A failed read is a fault, never "flat". */
  readonly listPositions: () => Promise<Result<readonly BrokerPosition[], VendorFault>>;
  readonly readAccount: () => Promise<Result<BrokerAccount, VendorFault>>;
  readonly readClock: () => Promise<Result<BrokerClock, VendorFault>>;
  /** Trades of the account since a moment, oldest first; the same one may come more than once. */
  readonly listExecutions: (sinceMs: number) => Promise<Result<readonly Execution[], VendorFault>>;
  /**
   * Every order that was submitted since a moment, whatever became of it, oldest first and with its
   * bracket; the legs do not stand for themselves. Read to its end, or a fault.
   */
  readonly listOrders: (sinceMs: number) => Promise<Result<readonly BrokerOrder[], VendorFault>>;
  /** Asks for a cancellation; ok means asked, not done. */
  readonly cancelOrder: (brokerOrderId: string) => Promise<Result<void, VendorFault>>;
  /** Has the broker refuse every order, exits too, until a person lifts it at the broker. */
  readonly suspendTrading: () => Promise<Result<void, VendorFault>>;
};
