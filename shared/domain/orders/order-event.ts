import type { Price } from "../market/price.ts";
import type { Quantity } from "../market/quantity.ts";
import type { Denial } from "../risk/denial.ts";
import type { Execution } from "./broker-state.ts";
import type { OrderIntent } from "./order-intent.ts";

/** Something that happened to an order. The ledger keeps every one, in order, for ever. */
export type OrderEvent =
  | {
      readonly type: "intentRecorded";
      readonly atMs: number;
      readonly intent: OrderIntent;
      /** Names the delivery that wrote it, so that no other delivery takes it for its own. */
      readonly recordedBy: string;
    }
  | { readonly type: "denied"; readonly atMs: number; readonly denials: readonly Denial[] }
  | {
      readonly type: "claimed";
      readonly atMs: number;
      readonly epoch: number;
      readonly claimId: string;
      readonly submitByMs: number;
      /** What is sent: an exit may have been cut to what was left. Null in older histories: all. */
      readonly quantity: Quantity | null;
    }
  | { readonly type: "acknowledged"; readonly atMs: number; readonly brokerOrderId: string }
  | { readonly type: "rejected"; readonly atMs: number; readonly reason: string }
  | { readonly type: "submissionUnknown"; readonly atMs: number; readonly cause: string }
  | { readonly type: "notSent"; readonly atMs: number; readonly cause: string }
  | {
      readonly type: "fillObserved";
      readonly atMs: number;
      readonly brokerOrderId: string;
      /** Everything filled so far, as the broker counts; never an increment. */
      readonly cumulativeFilled: Quantity;
      readonly averagePrice: Price;
    }
  | {
      /** The broker's stop or target closed shares of the position that this entry opened. */
      readonly type: "legFillObserved";
      readonly atMs: number;
      readonly legId: string;
      readonly role: "stop" | "target";
      /** Everything this leg has filled so far, as the broker counts. */
      readonly cumulativeFilled: Quantity;
      readonly averagePrice: Price;
    }
  | {
      readonly type: "executionsObserved";
      readonly atMs: number;
      readonly executions: readonly Execution[];
    }
  | { readonly type: "cancelRequested"; readonly atMs: number; readonly reason: string }
  | { readonly type: "orphaned"; readonly atMs: number; readonly brokerOrderId: string }
  | { readonly type: "cancelled"; readonly atMs: number }
  | { readonly type: "expired"; readonly atMs: number; readonly cause: string }
  | { readonly type: "replaced"; readonly atMs: number; readonly replacedBy: string };

/** The name of an event, for funnels and refusals. */
export type OrderEventType = OrderEvent["type"];
