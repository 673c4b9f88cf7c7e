import { describe, expect, it } from "vitest";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";

describe("a ticker", () => {
  it.each(["SPY", "A", "BRK.B", "BF-B", "GOOGL"])("takes %s", (text) => {
    expect(parseTicker(text)).toBe(text);
  });

  it.each(["", "spy", "TOOLONGX", "SPY ", "SPY/USD", "BRK.", "1", "SPY\n", "^VIX"])(
    "refuses %j",
    (text) => {
      expect(parseTicker(text)).toBeUndefined();
    },
  );
});
