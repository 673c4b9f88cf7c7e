import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { leaseCost } from "../../bench/lease-cost.ts";

describe("the cost of two Regions", () => {
  it("is what the documentation shows, counted from the deployed use case", async () => {
    const page = readFileSync(new URL("../../docs/costs.md", import.meta.url), "utf8");
    const notes: string[] = [];
    const { ours } = await leaseCost.measure((note) => void notes.push(note));
    const shown = notes.join().match(/\d+\.\d\d/g) ?? [];
    expect(shown).toHaveLength(2);
    for (const usd of shown) expect(page).toContain(` ${usd} `);
    expect(ours).toBeCloseTo(Number(shown[0]) + Number(shown[1]), 1);
  });
});
