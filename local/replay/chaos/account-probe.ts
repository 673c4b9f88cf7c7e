import { marketPhase } from "../../../shared/domain/market/calendar.ts";
import { isLame } from "../../../shared/domain/health/assess-system.ts";
import type { SystemHealth, SystemLevel } from "../../../shared/domain/health/system-health.ts";
import {
  addMoney,
  subtractMoney,
  ZERO_USD,
  type Money,
} from "../../../shared/domain/market/money.ts";
import type { Exchange } from "../../exchange/core/exchange.ts";

/** The account's value at a moment, epoch ms. */
export type EquitySample = { readonly atMs: number; readonly equity: Money };

/** What was seen of an account while the market was open, minute by minute. */
export type AccountHistory = {
  readonly minutes: number;
  /** Minutes whose health was not OK, by its level; `none` where nobody derived any. */
  readonly minutesDegraded: Readonly<Partial<Record<SystemLevel | "none", number>>>;
  /** Minutes in which a component was a reason for that, by its name; a minute may have several. */
  readonly minutesByComponent: Readonly<Record<string, number>>;
  /** What was held, long and short together. */
  readonly exposurePeak: Money;
  readonly exposureAverage: Money;
  readonly exposureAtEnd: Money;
  /** What closed trades have brought, and what open ones would bring at the mark. */
  readonly realised: Money;
  readonly atTheMark: Money;
  readonly equity: readonly EquitySample[];
};

/** Looks at an account once a minute. */
export type AccountProbe = {
  /** Takes the health that the active Region shows, if it shows any. */
  readonly sample: (slotMs: number, health: SystemHealth | undefined) => void;
  readonly history: (startingEquity: Money) => AccountHistory;
};

/** Makes a probe that has seen nothing. */
export const createAccountProbe = (exchange: Exchange): AccountProbe => {
  const degraded: Partial<Record<SystemLevel | "none", number>> = {};
  const byComponent: Record<string, number> = {};
  const equity: EquitySample[] = [];
  let peak = ZERO_USD;
  let sum = 0;
  return {
    sample: (slotMs, health) => {
      if (marketPhase(slotMs).phase !== "open") return;
      // A Region that derives no health any more has nothing to show for its last one.
      const shown = health !== undefined && health.atMs >= slotMs ? health : undefined;
      const level = shown?.level ?? "none";
      if (level !== "OK") degraded[level] = (degraded[level] ?? 0) + 1;
      for (const { component } of shown?.components.filter(isLame) ?? []) {
        byComponent[component] = (byComponent[component] ?? 0) + 1;
      }
      const account = exchange.getAccount();
      const exposure = subtractMoney(account.longMarketValue, account.shortMarketValue);
      peak = exposure > peak ? exposure : peak;
      sum += exposure;
      equity.push({ atMs: slotMs, equity: account.equity });
    },
    history: (startingEquity) => {
      const account = exchange.getAccount();
      const atTheMark = exchange.listPositions().reduce((total, { marketValue, costBasis }) => {
        return addMoney(total, subtractMoney(marketValue, costBasis));
      }, ZERO_USD);
      const profit = subtractMoney(account.equity, startingEquity);
      return {
        minutes: equity.length,
        minutesDegraded: degraded,
        minutesByComponent: byComponent,
        exposurePeak: peak,
        exposureAverage: Math.round(sum / Math.max(1, equity.length)) as Money,
        exposureAtEnd: subtractMoney(account.longMarketValue, account.shortMarketValue),
        realised: subtractMoney(profit, atTheMark),
        atTheMark,
        equity,
      };
    },
  };
};
