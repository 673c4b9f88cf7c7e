import { existsSync, readFileSync } from "node:fs";
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { newYorkToEpochMs } from "../../../shared/domain/market/new-york-time.ts";
import {
  afterPrice,
  type PriceMove,
  type PriceReference,
} from "../../../shared/domain/market/price-reference.ts";
import type { Price } from "../../../shared/domain/market/price.ts";
import { parseSessionDate } from "../../../shared/domain/market/session-date.ts";
import { DEFAULT_VALIDATION_POLICY } from "../../../shared/domain/market/validate-quote.ts";

const DAILY = "../shared/data/daily";

type Day = {
  readonly date: string;
  readonly open: number;
  readonly close: number;
  readonly volume: number;
};

/** Real days, with prices as they were paid then. */
const readDays = (symbol: string): readonly Day[] => {
  const entries = unzipSync(readFileSync(`${DAILY}/${symbol}.zip`));
  const text = strFromU8(entries[`${symbol}.csv`]!);
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [moment = "", open, , , close, volume] = line.split(",");
      const date = `${moment.slice(0, 4)}-${moment.slice(4, 6)}-${moment.slice(6, 8)}`;
      return { date, open: Number(open), close: Number(close), volume: Number(volume) };
    });
};

/** AAPL's splits since 1998: the first session in new shares, and how many of them one became. */
const SPLITS: Readonly<Record<string, number>> = {
  "2000-06-21": 2,
  "2005-02-28": 2,
  "2014-06-09": 7,
  "2020-08-31": 4,
};

const at = (date: string, minutes: number): number =>
  newYorkToEpochMs(parseSessionDate(date)!, minutes * 60_000);

/**
 * How every opening price is judged against the close before, which the vendor may have adjusted.
 */
const judgeOpenings = (
  days: readonly Day[],
  states: "adjustedClose" | "adjustedVolume" | "nothing",
  splits = SPLITS,
): ReadonlyMap<string, PriceMove> => {
  const moves = new Map<string, PriceMove>();
  let reference: PriceReference | undefined;
  days.forEach((day, index) => {
    const before = days[index - 1];
    const ratio = splits[day.date] ?? 1;
    const isSplit = ratio > 1;
    const { move } = afterPrice(
      reference,
      {
        mid: day.open as Price,
        source: "alpaca",
        exchangeTimeMs: at(day.date, 9 * 60 + 31),
        previousClose:
          before === undefined || states !== "adjustedClose"
            ? undefined
            : (Math.round(before.close / ratio) as Price),
      },
      DEFAULT_VALIDATION_POLICY,
      {
        previousVolume:
          before === undefined || states !== "adjustedVolume" ? undefined : before.volume * ratio,
      },
    );
    if (isSplit || move.type === "split") moves.set(day.date, move);
    reference = {
      mid: day.close as Price,
      exchangeTimeMs: at(day.date, 16 * 60),
      candidate: undefined,
      // The closing auction comes after the last look.
      volume: day.volume * 0.9,
    };
  });
  return moves;
};

describe.skipIf(!existsSync(DAILY))("real daily prices since 1998 (needs the data)", () => {
  it.each(["adjustedClose", "adjustedVolume"] as const)(
    "show AAPL's splits by their ratios, and no other (%s)",
    (states) => {
      const moves = judgeOpenings(readDays("aapl"), states);
      const expected = Object.entries(SPLITS).map(([date, newShares]) => [
        date,
        { type: "split", newShares, oldShares: 1 },
      ]);
      expect([...moves]).toEqual(expected);
      expect([...judgeOpenings(readDays("spy"), states, {})]).toEqual([]);
    },
  );

  it("hold the price where the vendor says nothing of the split, until it lasts or another agrees", () => {
    for (const move of judgeOpenings(readDays("aapl"), "nothing").values()) {
      expect(move.type).toBe("held");
    }
    const reference: PriceReference = {
      mid: 6_455_700 as Price,
      exchangeTimeMs: at("2014-06-06", 16 * 60),
      candidate: undefined,
    };
    const opening = {
      mid: 926_900 as Price,
      source: "alpaca",
      exchangeTimeMs: at("2014-06-09", 9 * 60 + 31),
      previousClose: undefined,
    } as const;
    const confirmed = afterPrice(reference, opening, DEFAULT_VALIDATION_POLICY, {
      agreeing: "polygon",
    });
    expect(confirmed.move).toEqual({ type: "confirmedBySource", sources: ["alpaca", "polygon"] });
    expect(confirmed.reference.mid).toBe(926_900);
  });
});
