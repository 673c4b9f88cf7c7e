import { moneyToFloat } from "../market/money.ts";
import type { FlowAlert } from "./flow.ts";

/**
 * The share of the alerts' premium, 0 to 1, that states no view: all of a multi-leg trade, which
 * hedges, and in a single leg what buyers and sellers traded against each other. `undefined`
 * without any premium, because then nothing was measured.
 */
export const flowToxicity = (alerts: readonly FlowAlert[]): number | undefined => {
  let totalUsd = 0;
  let toxicUsd = 0;
  for (const alert of alerts) {
    const premiumUsd = moneyToFloat(alert.totalPremium);
    const twoSidedUsd = 2 * moneyToFloat(minMoney(alert.askSidePremium, alert.bidSidePremium));
    totalUsd += premiumUsd;
    toxicUsd += alert.isMultiLeg ? premiumUsd : Math.min(premiumUsd, twoSidedUsd);
  }
  return totalUsd > 0 ? toxicUsd / totalUsd : undefined;
};

const minMoney = <Amount extends number>(left: Amount, right: Amount): Amount =>
  left < right ? left : right;
