import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PriceReference } from "../../../shared/domain/market/price-reference.ts";
import type { Price } from "../../../shared/domain/market/price.ts";
import { isConfirmed, type Snapshot } from "../../../shared/domain/market/quote.ts";
import {
  DEFAULT_VALIDATION_POLICY,
  validateSnapshot,
  type QuoteVerdict,
} from "../../../shared/domain/market/validate-quote.ts";
import type { AskedVendor } from "../../../shared/domain/market/vendor-policy.ts";
import { IBM, NOW_MS } from "../../fixtures/orders.ts";

const policy = DEFAULT_VALIDATION_POLICY;

/**
 * What a vendor says: Yahoo tells of trades alone, Alpaca and Tiingo resell one exchange's feed.
 */
const says = (source: AskedVendor, usd: number, change: Partial<Snapshot> = {}): Snapshot => {
  const price = Math.round(usd * 10_000) as Price;
  const exchangeTimeMs = NOW_MS - 1_000;
  const isTradeOnly = source === "yahoo";
  return {
    symbol: IBM,
    source,
    ...(isTradeOnly ? ({ quality: "tradeOnly" } as const) : {}),
    ...(source === "alpaca" || source === "tiingo" ? ({ origin: "iex" } as const) : {}),
    quote: isTradeOnly
      ? undefined
      : {
          symbol: IBM,
          bid: (price - 50) as Price,
          ask: (price + 50) as Price,
          bidSize: 1,
          askSize: 1,
          exchangeTimeMs,
        },
    trade: { symbol: IBM, price, size: 1, exchangeTimeMs },
    minuteBar: undefined,
    dailyBar: undefined,
    previousDailyBar: undefined,
    receivedAtMs: NOW_MS,
    ...change,
  };
};

const at100: PriceReference = {
  mid: 1_000_000 as Price,
  exchangeTimeMs: NOW_MS - 60_000,
  candidate: undefined,
};

const judge = (
  [first, ...others]: readonly Snapshot[],
  reference: PriceReference | undefined = at100,
  vendorsToAgree: 1 | 2 = 2,
): QuoteVerdict =>
  validateSnapshot(first!, reference, NOW_MS, { ...policy, vendorsToAgree }, others);

const accepted = (verdict: QuoteVerdict) => {
  if (!verdict.accepted) throw new Error(verdict.reasons.join());
  return verdict;
};

const vendors = fc.constantFrom<AskedVendor>("alpaca", "polygon", "yahoo", "tiingo");
const words = fc.uniqueArray(
  fc.record({
    vendor: vendors,
    usd: fc.double({ min: 90, max: 110, noNaN: true }),
    quality: fc.constantFrom("asIs" as const, "delayed" as const),
  }),
  { selector: ({ vendor }) => vendor, minLength: 1, maxLength: 4 },
);

describe("what several vendors say of one symbol", () => {
  it("is confirmed by nobody but independent vendors within the tolerance, never by itself", () => {
    fc.assert(
      fc.property(words, (said) => {
        const snapshots = said.map(({ vendor, usd, quality }) =>
          says(vendor, usd, quality === "delayed" ? { quality } : {}),
        );
        const verdict = judge(snapshots);
        if (!verdict.accepted || verdict.quote.confirmedBy === "single") {
          expect(verdict.accepted).toBe(false);
          return;
        }
        const { source, mid, confirmedBy } = verdict.quote;
        for (const vendor of confirmedBy) {
          const witness = said.find((one) => one.vendor === vendor)!;
          const isSameFeed = [source, vendor].every((one) => one === "alpaca" || one === "tiingo");
          expect(vendor).not.toBe(source);
          expect(isSameFeed).toBe(false);
          expect(witness.quality).toBe("asIs");
          expect(Math.abs(witness.usd * 10_000 - mid)).toBeLessThanOrEqual(mid * 0.0051);
        }
        if (confirmedBy.length > 0) expect(source).not.toBe("yahoo");
      }),
    );
  });

  it("names the odd one out, and takes the price of those who agree", () => {
    const verdict = accepted(
      judge([says("alpaca", 103), says("polygon", 100), says("yahoo", 100)]),
    );
    expect(verdict.quote).toMatchObject({ source: "polygon", confirmedBy: ["yahoo"] });
    expect(verdict.odd).toEqual(["alpaca"]);
  });

  it("is no confirmation where Alpaca and Tiingo say the same: both resell IEX", () => {
    const verdict = accepted(judge([says("alpaca", 100), says("tiingo", 100)]));
    expect(isConfirmed(verdict.quote)).toBe(false);
    const sip = says("alpaca", 100, { origin: undefined } as never);
    expect(isConfirmed(accepted(judge([sip, says("tiingo", 100)])).quote)).toBe(true);
  });

  it("believes a jump at once when two agree on it, so that nothing latches", () => {
    const verdict = accepted(judge([says("alpaca", 150), says("polygon", 150)]));
    expect(verdict.move).toEqual({ type: "confirmedBySource", sources: ["alpaca", "polygon"] });
    expect(verdict.reference.mid).toBe(1_500_000);
  });

  it("goes on with the other vendor for exits when the preferred one jumps alone", () => {
    const verdict = accepted(judge([says("alpaca", 150), says("polygon", 100.9)]));
    expect(verdict.quote).toMatchObject({ source: "polygon", confirmedBy: [] });
    expect(verdict.odd).toEqual(["alpaca"]);
  });

  it("makes an unconfirmed quote of trades alone, for display and exits, never for an entry", () => {
    const verdict = accepted(judge([says("yahoo", 100)]));
    expect(verdict.quote).toMatchObject({ bid: 1_000_000, ask: 1_000_000, confirmedBy: [] });
    const single = accepted(judge([says("yahoo", 100)], at100, 1));
    expect(isConfirmed(single.quote)).toBe(false);
  });

  it("marks one vendor's word as single only where the configuration says that it is enough", () => {
    expect(accepted(judge([says("alpaca", 100)], at100, 1)).quote.confirmedBy).toBe("single");
    expect(accepted(judge([says("alpaca", 100)])).quote.confirmedBy).toEqual([]);
  });

  it("skips a stale witness: it confirms nothing", () => {
    const old = says("polygon", 100);
    const stale = { ...old, quote: { ...old.quote!, exchangeTimeMs: NOW_MS - 600_000 } };
    expect(accepted(judge([says("alpaca", 100), stale])).quote.confirmedBy).toEqual([]);
  });
});
