import * as z from "zod";
import { newestOf, type Endpoint } from "./evidence-part.ts";
import { WireCount, WireDate } from "./wire-types.ts";

/**
 * The change in open interest of the newest day over the contracts that moved most: calls' change
 * minus puts', so that its sign is its direction.
 */
export const oiChangeEndpoint: Endpoint = {
  name: "oi-change",
  scope: "symbol",
  intervalMs: 60 * 60_000,
  path: (symbol) => `/api/stock/${encodeURIComponent(symbol)}/oi-change`,
  contract: () =>
    Changes.transform(({ data }) => {
      const { atMs, elements } = newestOf(data, (contract) => contract.curr_date);
      if (elements.length === 0) return {};
      let change = 0;
      for (const { option_symbol: option, oi_diff_plain: difference } of elements) {
        change += CALL.test(option) ? difference : -difference;
      }
      const direction = change > 0 ? "bullish" : change < 0 ? "bearish" : "neutral";
      return { openInterestChange: { change, direction, observedAtMs: atMs } };
    }),
};

/** The symbols of the Options Clearing Corporation: root, date, C or P, strike. */
const OPTION = /^[A-Z.]{1,6}\d{6}[CP]\d{8}$/;
const CALL = /C\d{8}$/;

const Changes = z.object({
  data: z
    .array(
      z.object({
        option_symbol: z.string().regex(OPTION, "expected an option's symbol"),
        oi_diff_plain: WireCount,
        curr_date: WireDate,
      }),
    )
    .max(2_000),
});
