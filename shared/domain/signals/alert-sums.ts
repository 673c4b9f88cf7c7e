import { addMoney, moveMoney, ZERO_USD, type Money } from "../market/money.ts";
import type { FlowAlert } from "./flow.ts";
import type { Summation } from "./sum-window.ts";

/** What is summed over the alerts of a symbol, in place. */
export type AlertSums = {
  /** Call premium minus put premium. */
  netPremium: Money;
  totalPremium: Money;
  /**
   * The part that states no view: all of a multi-leg trade, which hedges, and in a single leg what
   * buyers and sellers traded against each other.
   */
  toxicPremium: Money;
};

/** Sums alerts, each at the moment it was made. */
export const ALERT_SUMMATION: Summation<FlowAlert, AlertSums> = {
  timeOf: ({ createdAtMs }) => createdAtMs,
  zero: () => ({ netPremium: ZERO_USD, totalPremium: ZERO_USD, toxicPremium: ZERO_USD }),
  add: (sums, alert, sign) => {
    const { totalPremium, contract } = alert;
    const netSign = (contract === "call") === (sign === 1) ? 1 : -1;
    sums.netPremium = moveMoney(sums.netPremium, totalPremium, netSign);
    sums.totalPremium = moveMoney(sums.totalPremium, totalPremium, sign);
    sums.toxicPremium = moveMoney(sums.toxicPremium, toxicPremiumOf(alert), sign);
  },
};

const toxicPremiumOf = (alert: FlowAlert): Money => {
  if (alert.isMultiLeg) return alert.totalPremium;
  const oneSide = minOf(alert.askSidePremium, alert.bidSidePremium);
  return minOf(alert.totalPremium, addMoney(oneSide, oneSide));
};

const minOf = (left: Money, right: Money): Money => (left < right ? left : right);
