import { createExchangeBroker } from "../../local/exchange/ports-broker.ts";
import type { Exchange } from "../../local/exchange/core/exchange.ts";
import type { Broker } from "../../shared/ports/broker.ts";
import type { VendorFault, VendorFaultClass } from "../../shared/ports/vendor-fault.ts";
import type { Engine } from "../engine/engine.ts";

/** The broker's side of the world: one for all functions. */
export type BrokerSide = {
  readonly exchange: Exchange;
  /** The exchange without any fault, at the true time. */
  readonly direct: Broker;
  /** Broker order ids, with when they can first be found. */
  readonly hiddenUntilMs: Map<string, number>;
  /** Nobody gets through to the broker before this moment. */
  outageUntilMs: number;
  /** Client order ids of orders that nobody trades with. */
  readonly untraded: Set<string>;
  /** Positions cannot be read before this moment; everything else can. */
  positionsOutUntilMs: number;
  /** Last answers, oldest first, which a stale report gives again. */
  readonly lastAnswers: Map<string, readonly PastAnswer[]>;
};

type PastAnswer = { readonly atMs: number; readonly answer: unknown };

/** The broker's side for an exchange. */
export const createBrokerSide = (exchange: Exchange, engine: Engine): BrokerSide => ({
  exchange,
  direct: createExchangeBroker(exchange, { nowMs: engine.nowMs, monotonicMs: engine.nowMs }),
  hiddenUntilMs: new Map(),
  untraded: new Set(),
  outageUntilMs: -Infinity,
  positionsOutUntilMs: -Infinity,
  lastAnswers: new Map(),
});

/** A fault as the broker's adapter tells it. */
export const faultOf = (faultClass: VendorFaultClass, detail: string): VendorFault => ({
  type: "VendorFault",
  vendor: "exchange",
  class: faultClass,
  detail,
});
