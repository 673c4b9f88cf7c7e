import { addMoney, moneyToFloat, subtractMoney } from "../../shared/domain/market/money.ts";
import type { AccountHistory } from "../../local/replay/chaos/account-probe.ts";
import type { Failover } from "../../local/replay/chaos/keep-account.ts";
import type { FaultWindow } from "../../local/replay/chaos/place-faults.ts";
import type { ChaosBacktest, ChaosRun } from "../../local/replay/chaos/run-backtest.ts";
import { quotesPerSecond } from "./replay-json.ts";

/** What of a run is compared with another's; money in USD. */
export type ChaosFigures = {
  readonly intents: number;
  readonly orders: number;
  readonly fills: number;
  readonly exposure: {
    readonly peak: number;
    readonly average: number;
    readonly atEnd: number;
  };
  readonly profit: {
    readonly total: number;
    readonly realised: number;
    readonly atTheMark: number;
  };
  readonly minutesDegraded: number;
  readonly duplicateOrders: number;
  readonly unguardedOrders: number;
};

/** A backtest as `--json` prints it: both runs, what differs, and what each fault costs alone. */
export const toChaosJson = (backtest: ChaosBacktest): Readonly<Record<string, unknown>> => {
  const { result } = backtest.without;
  const { mode, seed, flow, days, symbols, quotes } = result;
  return {
    mode,
    seed,
    flow,
    days,
    symbols,
    quotes,
    without: runJson(backtest.without),
    with: runJson(backtest.with),
    difference: chaosDifference(backtest.without, backtest.with),
    faults: backtest.faults.map(({ text, kind, windows }, index) => ({
      fault: text,
      kind,
      windows: windows.map(windowJson),
      struck: backtest.with.struck[text] ?? 0,
      alone: aloneJson(backtest, index),
    })),
    failovers: backtest.with.failovers.map(failoverJson),
  };
};

/** What a run came to. */
export const figuresOf = ({ result, history }: ChaosRun): ChaosFigures => ({
  intents: result.intents,
  orders: result.orders,
  fills: result.fills,
  exposure: {
    peak: moneyToFloat(history.exposurePeak),
    average: moneyToFloat(history.exposureAverage),
    atEnd: moneyToFloat(history.exposureAtEnd),
  },
  profit: {
    total: moneyToFloat(addMoney(history.realised, history.atTheMark)),
    realised: moneyToFloat(history.realised),
    atTheMark: moneyToFloat(history.atTheMark),
  },
  minutesDegraded: minutesDegradedOf(history),
  duplicateOrders: result.duplicateOrders,
  unguardedOrders: result.unguardedOrders,
});

/** What `second` has more than `first`; negative where it has less. */
export const chaosDifference = (first: ChaosRun, second: ChaosRun): ChaosFigures => {
  const [left, right] = [first.history, second.history];
  const [before, after] = [figuresOf(first), figuresOf(second)];
  const more = (name: MoneyOfHistory): number =>
    moneyToFloat(subtractMoney(right[name], left[name]));
  const totals = [left, right].map((history) => addMoney(history.realised, history.atTheMark));
  const [totalBefore = left.realised, totalAfter = left.realised] = totals;
  return {
    intents: after.intents - before.intents,
    orders: after.orders - before.orders,
    fills: after.fills - before.fills,
    exposure: {
      peak: more("exposurePeak"),
      average: more("exposureAverage"),
      atEnd: more("exposureAtEnd"),
    },
    profit: {
      total: moneyToFloat(subtractMoney(totalAfter, totalBefore)),
      realised: more("realised"),
      atTheMark: more("atTheMark"),
    },
    minutesDegraded: after.minutesDegraded - before.minutesDegraded,
    duplicateOrders: after.duplicateOrders - before.duplicateOrders,
    unguardedOrders: after.unguardedOrders - before.unguardedOrders,
  };
};

type MoneyOfHistory =
  | "exposurePeak"
  | "exposureAverage"
  | "exposureAtEnd"
  | "realised"
  | "atTheMark";

/** Minutes whose health was anything but OK. */
const minutesDegradedOf = ({ minutesDegraded }: AccountHistory): number =>
  Object.values(minutesDegraded).reduce((sum, count) => sum + count, 0);

const runJson = (run: ChaosRun): Readonly<Record<string, unknown>> => {
  const { result, history } = run;
  return {
    ...figuresOf(run),
    minutes: history.minutes,
    minutesDegradedByLevel: history.minutesDegraded,
    minutesDegradedByComponent: history.minutesByComponent,
    approved: result.approved,
    denied: result.denied,
    startingEquity: moneyToFloat(result.startingEquity),
    endingEquity: moneyToFloat(result.endingEquity),
    tradingState: result.tradingState,
    differences: result.differences,
    failedWork: result.faults,
    isStopped: result.isStopped,
    traceHash: result.traceHash,
    elapsedMs: Math.round(result.elapsedMs),
    quotesPerSecond: quotesPerSecond(result),
  };
};

const aloneJson = (backtest: ChaosBacktest, index: number): ChaosFigures | null => {
  const run = backtest.alone[index];
  return run === undefined ? null : chaosDifference(backtest.without, run);
};

const windowJson = ({ fromMs, untilMs }: FaultWindow) => ({
  from: new Date(fromMs).toISOString(),
  until: new Date(untilMs).toISOString(),
});

const failoverJson = ({ from, to, lostAtMs, fencedAtMs, tradingAtMs }: Failover) => ({
  from,
  to,
  lostAt: new Date(lostAtMs).toISOString(),
  secondsToFence: (fencedAtMs - lostAtMs) / 1_000,
  secondsToTrade: tradingAtMs === undefined ? null : (tradingAtMs - lostAtMs) / 1_000,
});
