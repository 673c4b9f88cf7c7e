import type { RandomStream } from "../engine/random-streams.ts";
import type { EnabledFault } from "../seed-run.ts";
import { FAULT_KINDS, type FaultKind } from "./fault-kind.ts";

/** How often a kind strikes at most where it can; a seed draws its own rate below that. */
const RATES_MAX: Readonly<Record<FaultKind, number>> = {
  "fail-before": 0.02,
  "fail-after": 0.02,
  delay: 0.03,
  "kill-before": 0.004,
  "kill-after": 0.004,
  zombie: 0.003,
  "write-conflict": 0.15,
  "write-repeated": 0.1,
  throttle: 0.02,
  "region-cut-off": 1,
  "replication-lag": 0.2,
  "cold-start": 0.06,
  "clock-skew": 0.8,
  "duplicate-message": 0.2,
  "late-message": 0.1,
  "reordered-message": 0.2,
  "lost-removal": 0.1,
  "delivered-twice": 0.25,
  "slot-late": 0.1,
  "slot-twice": 0.1,
  "slot-skipped": 0.1,
  "order-request-lost": 0.15,
  "order-request-late": 0.15,
  "order-request-twice": 0.1,
  "order-answer-lost": 0.15,
  "broker-5xx": 0.1,
  "broker-5xx-after": 0.1,
  "broker-429": 0.1,
  "broker-401": 0.05,
  "broker-403": 0.05,
  "broker-422": 0.05,
  "broker-slow": 0.1,
  "broker-schema": 0.03,
  "broker-outage": 1,
  "broker-clock-halted": 0.05,
  "order-hidden": 0.15,
  "fill-after-cancel": 0.2,
  "partial-fills": 0.8,
  "stale-report": 0.05,
  "duplicate-report": 0.3,
  "vendor-outage": 1,
  "vendor-schema": 0.05,
  "stale-prices": 1,
  "wrong-prices": 0.02,
  "missing-symbols": 0.05,
  "flow-outage": 0.1,
  "stale-flow": 1,
  "price-gap": 1,
  takeover: 1,
  "operator-halt": 1,
  "operator-flatten": 1,
  "external-fill": 1,
  "external-cancel": 1,
  "corrupt-cell": 1,
  "damaged-history": 1,
  split: 1,
  deployment: 1,
  "topic-outage": 1,
  "pager-outage": 1,
  "limits-drift": 1,
  "unsigned-deployment": 1,
  "signed-record-lost": 1,
  "probe-order": 1,
  "impatient-healing": 1,
  "ledger-lost": 1,
  "locked-store-outage": 1,
  "cut-off-while-healing": 1,
  "market-data-backlog": 1,
};

/** A kind is switched on in so many seeds of a hundred; those that end the trading of a day in few. */
const SHARES: Partial<Readonly<Record<FaultKind, number>>> = {
  "broker-401": 0.05,
  "external-fill": 0.2,
  "delivered-twice": 0.4,
  "damaged-history": 0.05,
  "stale-flow": 0.06,
  "price-gap": 0.1,
  "corrupt-cell": 0.1,
  "operator-halt": 0.2,
  "operator-flatten": 0.15,
  "limits-drift": 0.15,
  "unsigned-deployment": 0.08,
  "signed-record-lost": 0.06,
  "probe-order": 0.1,
  "impatient-healing": 0.3,
  "ledger-lost": 0.08,
  "cut-off-while-healing": 0.4,
  "market-data-backlog": 0.25,
  split: 0.4,
};

/** What a world without faults is for: one seed in so many has none at all. */
const CALM_SHARE = 0.04;

/**
 * Draws which kinds of fault a seed has, and how often each strikes: a random subset, because a
 * world in which everything fails all the time never comes far enough to break interestingly.
 * `allowed` narrows it; every draw is made all the same.
 */
export const planFaults = (
  stream: RandomStream,
  allowed: readonly FaultKind[] | undefined,
): readonly EnabledFault[] => {
  const isCalm = stream.draw("calm") < CALM_SHARE;
  const share = 0.1 + 0.4 * stream.draw("share");
  const enabled: EnabledFault[] = [];
  for (const kind of FAULT_KINDS) {
    const isDrawn = stream.draw(`${kind} is on`) < (SHARES[kind] ?? share);
    const rate = RATES_MAX[kind] * (0.1 + 0.9 * stream.draw(`${kind} rate`));
    // Who names a few kinds wants to see them.
    const isOn = allowed === undefined ? isDrawn && !isCalm : allowed.includes(kind);
    if (isOn) enabled.push({ kind, rate: RATES_MAX[kind] === 1 ? 1 : rate });
  }
  return enabled;
};
