import { describe, expect, it } from "vitest";
import { parsePrice, type Price } from "../../../shared/domain/market/price.ts";
import {
  afterQuote,
  basicDirection,
  type BasicTrack,
} from "../../../shared/domain/signals/basic-signal.ts";
import { quoteOf } from "../../fixtures/orders.ts";

const MINUTE_MS = 60_000;

const follow = (prices: readonly number[], before?: BasicTrack, startMs = 0): BasicTrack => {
  let track = before;
  for (const [index, usdPrice] of prices.entries()) {
    const price: Price = parsePrice(usdPrice.toFixed(2))!;
    track = afterQuote(
      track,
      { ...quoteOf(), bid: price, ask: price },
      startMs + index * MINUTE_MS,
    );
  }
  return track!;
};

/** Up and down by a step with a trend, so that the relative strength is of neither extreme. */
const wave = (stepUsd: number): readonly number[] =>
  Array.from({ length: 40 }, (_none, index) => 100 + stepUsd * index + (index % 2 === 0 ? 0.6 : 0));

describe("basic indicators of what is held", () => {
  it("follow the trend once enough minutes came, and say nothing before", () => {
    expect(basicDirection(follow(wave(0.1)))).toBe("bullish");
    expect(basicDirection(follow(wave(-0.1)))).toBe("bearish");
    expect(basicDirection(follow(wave(-0.1).slice(0, 20)))).toBe("neutral");
  });

  it("say the same whenever they are asked, however seldom that is", () => {
    const prices = [
      ...wave(0.1),
      ...wave(-0.1),
      ...Array.from({ length: 900 }, (_, index) => 90 + (index % 7)),
    ];
    let often: BasicTrack | undefined;
    for (const [index, price] of prices.entries()) {
      often = follow([price], often, index * MINUTE_MS);
      const said = basicDirection(often);
      if (index % 97 === 0) expect(basicDirection(follow(prices.slice(0, index + 1)))).toBe(said);
    }
    const seldom = follow(prices);
    expect(seldom.waiting.length).toBeLessThan(prices.length);
    expect(basicDirection(seldom)).toBe(basicDirection(often!));
  });

  it("begin anew after a gap, and count a minute that comes twice once", () => {
    const track = follow(wave(-0.1));
    const again = afterQuote(track, quoteOf(), track.slotMs);
    expect(basicDirection(again)).toBe("bearish");
    const late = afterQuote(track, quoteOf(), track.slotMs + 6 * MINUTE_MS);
    expect(basicDirection(late)).toBe("neutral");
  });
});
