import pc from "picocolors";
import { describe, expect, it } from "vitest";
import { levelText } from "../../bin/reports/text.ts";
import { DATA_MODES } from "../../shared/domain/market/data-mode.ts";

const palette = pc.createColors(true);

describe("the colour of a level", () => {
  it("is green for market data of every vendor, as on the page, and red where no entry may rest on it", () => {
    expect(DATA_MODES.map((mode) => levelText(mode, palette))).toEqual([
      palette.green("full"),
      palette.yellow("fewerVendors"),
      palette.red("cached"),
      palette.red("static"),
    ]);
  });

  it("is never green for what is not known", () => {
    expect(levelText("unknown", palette)).toBe(palette.red("unknown"));
    expect(levelText("never heard of", palette)).toBe(palette.yellow("never heard of"));
  });
});
