import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { Endpoint } from "../../../shared/adapters/unusual-whales/evidence-part.ts";
import { createPollBook } from "../../../shared/adapters/unusual-whales/poll-book.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";

const MINUTE_MS = 60_000;
/** As many as a minute's quota leaves. */
const POLLS_A_MINUTE = 60;

const endpoint = (name: string, scope: Endpoint["scope"], intervalMs: number): Endpoint => ({
  name,
  scope,
  intervalMs,
  path: (symbol) => `/${name}/${symbol}`,
  contract: () => z.object({}),
});

describe("what a vendor is asked next", () => {
  it.each([10, 30, 100])(
    "is first what concerns the whole market: it is never missing among %i symbols",
    (count) => {
      const slow = Array.from({ length: 11 }, (_, index) =>
        endpoint(`daily-${index}`, "symbol", 12 * 60 * MINUTE_MS),
      );
      const tide = { endpoint: endpoint("tide", "market", MINUTE_MS), symbol: "S0" as Ticker };
      const book = createPollBook([...slow, tide.endpoint]);
      const symbols = Array.from({ length: count }, (_, index) => `S${index}` as Ticker);
      const asked = new Set<string>();
      for (let minute = 0; minute < 30; minute++) {
        const nowMs = minute * MINUTE_MS;
        const due = book.due(symbols, nowMs, POLLS_A_MINUTE);
        expect(due.length).toBeLessThanOrEqual(POLLS_A_MINUTE);
        for (const poll of due) {
          book.recordAnswer(poll, {}, nowMs);
          asked.add(`${poll.endpoint.name} ${poll.symbol}`);
        }
        expect(book.partOf(tide, nowMs)).toEqual({});
      }
      // Nothing of a symbol waits for ever behind it.
      expect(asked.size).toBe(1 + Math.min(11 * count, 30 * (POLLS_A_MINUTE - 1)));
    },
  );
});
