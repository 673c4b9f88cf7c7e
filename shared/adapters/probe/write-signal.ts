import { assert } from "../../domain/assert.ts";
import { formatDecimal } from "../../domain/market/decimal.ts";
import { MONEY_SCALE, type Money } from "../../domain/market/money.ts";
import { epochMsToNewYork } from "../../domain/market/new-york-time.ts";
import { priceToFloat } from "../../domain/market/price.ts";
import { PROBE_SYMBOL, type ProbeSignal } from "../../domain/probe/probe-signal.ts";

/** The signal as the vendors would write it: bodies of their answers by the path they answer. */
export const writeSignal = (
  signal: ProbeSignal,
  nowMs: number,
): readonly { readonly path: RegExp; readonly body: string }[] => {
  const today = epochMsToNewYork(nowMs).date;
  return [
    answer(/\/option-trades\/flow-alerts/, { data: signal.alerts.map(writeAlert) }),
    answer(/\/darkpool\/PROBE/, { data: signal.prints.map(writePrint) }),
    answer(/\/market\/market-tide/, { data: [writeTide(signal)] }),
    answer(/\/stock\/PROBE\/greek-exposure/, {
      data: [{ date: today, call_gamma: `${signal.gammaExposure}`, put_gamma: "0" }],
    }),
    answer(/\/stock\/PROBE\/iv-rank/, {
      data: [{ date: today, updated_at: iso(nowMs), iv_rank_1y: `${signal.ivRank / 100}` }],
    }),
    answer(/\/stock\/PROBE\/oi-change/, {
      data: [
        {
          option_symbol: `PROBE${today.slice(2).replaceAll("-", "")}C00021000`,
          oi_diff_plain: signal.openInterestChange,
          curr_date: today,
        },
      ],
    }),
    answer(/\/v2\/stocks\/snapshots/, { PROBE: writeAlpaca(signal) }),
    answer(/\/v2\/snapshot\/locale/, { status: "OK", tickers: [writePolygon(signal)] }),
  ];
};

const answer = (path: RegExp, body: unknown) => ({ path, body: JSON.stringify(body) });

const iso = (atMs: number): string => new Date(atMs).toISOString();

const amount = (money: Money): string => formatDecimal(money, MONEY_SCALE, 2);

const writeAlert = (alert: ProbeSignal["alerts"][number]) => ({
  ticker: PROBE_SYMBOL,
  created_at: iso(alert.createdAtMs),
  type: alert.contract,
  strike: `${priceToFloat(alert.strike)}`,
  expiry: alert.expiry,
  total_premium: amount(alert.totalPremium),
  total_ask_side_prem: amount(alert.askSidePremium),
  total_bid_side_prem: amount(alert.bidSidePremium),
  has_sweep: alert.isSweep,
  has_multileg: alert.isMultiLeg,
});

const writePrint = (print: ProbeSignal["prints"][number]) => ({
  ticker: PROBE_SYMBOL,
  executed_at: iso(print.executedAtMs),
  price: `${priceToFloat(print.price)}`,
  size: print.size,
  premium: amount(print.notional),
  nbbo_bid: `${priceToFloat(print.bid)}`,
  nbbo_ask: `${priceToFloat(print.ask)}`,
  canceled: print.isCanceled,
});

const writeTide = ({ marketTide }: ProbeSignal) => ({
  timestamp: iso(marketTide.observedAtMs),
  net_call_premium: amount(marketTide.netCallPremium),
  net_put_premium: amount(marketTide.netPutPremium),
});

const writeAlpaca = ({ quote }: ProbeSignal) => ({
  latestQuote: {
    t: iso(quote.exchangeTimeMs),
    bp: priceToFloat(quote.bid),
    ap: priceToFloat(quote.ask),
    bs: quote.bidSize,
    as: quote.askSize,
  },
  latestTrade: { t: iso(quote.exchangeTimeMs), p: priceToFloat(quote.last), s: 100 },
});

/** This vendor counts sizes in lots of a hundred, and time in nanoseconds. */
const writePolygon = ({ quote }: ProbeSignal) => {
  const t = quote.exchangeTimeMs * 1_000_000;
  assert(quote.bidSize % 100 === 0 && quote.askSize % 100 === 0, "The probe quotes whole lots.");
  const lots = { s: quote.bidSize / 100, S: quote.askSize / 100 };
  return {
    ticker: PROBE_SYMBOL,
    lastQuote: { t, p: priceToFloat(quote.bid), P: priceToFloat(quote.ask), ...lots },
    lastTrade: { t, p: priceToFloat(quote.last), s: 100 },
  };
};
