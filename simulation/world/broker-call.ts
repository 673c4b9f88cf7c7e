import type { Engine } from "../engine/engine.ts";
import type { FaultControl, Occasion } from "../faults/fault-control.ts";
import type { FaultKind } from "../faults/fault-kind.ts";
import type { Invocation } from "../services/lambda.ts";
import type { BrokerSide } from "./broker-side.ts";
import type { Observe } from "./observe.ts";

/** What the calls of one function to the broker need. */
export type SimulatedBrokerDeps = {
  readonly engine: Engine;
  readonly faults: FaultControl;
  readonly observe: Observe;
  readonly side: BrokerSide;
};

/** One call to the broker, at one occasion. */
export type BrokerCall = {
  readonly occasion: Occasion;
  readonly where: string;
  readonly invocation: Invocation;
  /** When the function made the call, true time: what it waits for counts from here. */
  readonly calledAtMs: number;
};

/** Whether a kind of fault strikes a call. */
export type Strikes = (kind: FaultKind) => boolean;

/** What strikes this call. */
export const strikesAt =
  ({ faults }: SimulatedBrokerDeps, { occasion, where }: BrokerCall): Strikes =>
  (kind) =>
    faults.strikes(kind, occasion, where);

/** One way to the broker, ms. */
export const WAY_MS = 30;
/** How slow the broker can be, both ways together. */
export const SLOW_MAX_MS = 20_000;
/** The measure of an occasion that says how slow. */
export const ABOUT_SLOW = 34;

/** Resolves to `value` after so many virtual milliseconds. */
export const later = <Value>(
  { engine }: SimulatedBrokerDeps,
  ms: number,
  value: Value,
): Promise<Value> =>
  new Promise((resolve) => {
    engine.after(ms, () => {
      engine.wake();
      resolve(value);
    });
  });
