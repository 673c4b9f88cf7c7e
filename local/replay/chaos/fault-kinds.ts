/** What a fault of a chaos backtest is called, in the order in which they are listed. */
export type ChaosKind =
  | "vendor-outage"
  | "vendor-stale"
  | "vendor-wrong-prices"
  | "vendor-slow"
  | "flow-outage"
  | "broker-outage"
  | "broker-timeout"
  | "broker-5xx"
  | "broker-429"
  | "ledger-outage"
  | "queue-delay"
  | "function-kill"
  | "region-loss";

/** What a kind of fault does while it lasts, in one sentence for whoever chooses it. */
export type ChaosKindRule = {
  readonly kind: ChaosKind;
  readonly summary: string;
  /** Whether it may be named without a duration; it then lasts until the day's last minute. */
  readonly isOpenEnded: boolean;
};

/** How long a slow vendor takes to answer, ms. */
export const SLOW_ANSWER_MS = 8_000;
/** How far a wrong price stands above the true one, as a ratio. */
export const WRONG_PRICE_RATIO = 1.3;
/** How long a request waits until its answer counts as lost, ms. */
export const LOST_ANSWER_MS = 10_000;
/** How long a delayed message waits before it can be received, ms. */
export const MESSAGE_DELAY_MS = 90_000;
/** When the broker's rate limit ends, ms after the request that met it. */
export const RATE_LIMIT_MS = 30_000;

/** Every kind. Each strikes at a port, so that the functions cannot tell it from the real thing. */
export const CHAOS_KINDS: readonly ChaosKindRule[] = [
  rule("vendor-outage", "The market data vendor cannot be reached."),
  rule("vendor-stale", "The vendor answers, always what it last said before."),
  rule("vendor-wrong-prices", "Every price of the vendor is 30 % too high."),
  rule("vendor-slow", "The vendor takes 8 s to answer."),
  rule("flow-outage", "The options flow vendor cannot be reached."),
  rule("broker-outage", "No connection to the broker can be made."),
  rule("broker-timeout", "Every order reaches the broker, and no answer to one comes back."),
  rule(
    "broker-5xx",
    "Half of the calls are answered by an error; half of the orders among them landed.",
  ),
  rule("broker-429", "The broker turns every call away for its rate limit."),
  rule("ledger-outage", "The ledger does not answer; one write in four is stored all the same."),
  rule("queue-delay", "A message can be received 90 s after it was sent."),
  rule("function-kill", "Half of all invocations die at one of their first ten calls."),
  {
    kind: "region-loss",
    summary: "The Region that trades is gone, until the day's end if no duration is given.",
    isOpenEnded: true,
  },
];

function rule(kind: ChaosKind, summary: string): ChaosKindRule {
  return { kind, summary, isOpenEnded: false };
}
