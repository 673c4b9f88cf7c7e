import { describe, expect, it } from "vitest";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";

describe("a ticker", () => {
  it.each(["SPY", "A", "BRK.B", "BF-B", "GOOGL", "BAC.PRL", "TDW.WS.A", "052CVR045"])(
    "takes %s",
    (text) => {
      expect(parseTicker(text)).toBe(text);
    },
  );

  it.each([
    "",
    "spy",
    "TOOLONGX",
    "TOOLONGXY",
    "SPY ",
    "SPY/USD",
    "BRK.",
    "TDW.WS.A.B",
    "BAC.PRLX",
    "1",
    "12345678",
    "AAPL240119C00100000",
    "SPY\n",
    "^VIX",
  ])("refuses %j", (text) => {
    expect(parseTicker(text)).toBeUndefined();
  });
});
