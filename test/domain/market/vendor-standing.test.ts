import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pickVendors } from "../../../shared/domain/market/pick-vendors.ts";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import type { AskedVendor } from "../../../shared/domain/market/vendor-policy.ts";
import {
  afterPart,
  fadeStanding,
  NEW_STANDING,
  penaltyOf,
  rankVendors,
  type VendorPart,
  type VendorStanding,
} from "../../../shared/domain/market/vendor-standing.ts";

const CONFIGURED: readonly AskedVendor[] = ["alpaca", "polygon", "yahoo", "tiingo"];
const good: VendorPart = { type: "answered", latencyMs: 40, quoteAgeMs: 1_000, oddShare: 0 };

const after = (parts: readonly VendorPart[]): VendorStanding =>
  parts.reduce(afterPart, NEW_STANDING);

const rank = (standings: Partial<Record<AskedVendor, VendorStanding>>, costs = {}) =>
  rankVendors(
    CONFIGURED.map((vendor) => ({
      vendor,
      standing: standings[vendor] ?? NEW_STANDING,
      cost: ({ alpaca: 1, polygon: 1, yahoo: 1, tiingo: 1, ...costs } as Record<string, number>)[
        vendor
      ]!,
    })),
  );

const parts: fc.Arbitrary<VendorPart> = fc.oneof(
  fc.constant<VendorPart>({ type: "lost" }),
  fc.record({
    type: fc.constant("answered" as const),
    latencyMs: fc.nat(5_000),
    quoteAgeMs: fc.option(fc.nat(90_000)),
    oddShare: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
);

describe("the order of the vendors", () => {
  it("is the configured one while nothing tells them apart", () => {
    expect(rank({})).toEqual(CONFIGURED);
    expect(rank({ polygon: after([good]), yahoo: after([good, good]) })).toEqual(CONFIGURED);
  });

  it("is always all of them, each once", () => {
    fc.assert(
      fc.property(fc.array(parts), fc.array(parts), (one, other) => {
        const ranked = rank({ alpaca: after(one), polygon: after(other) });
        expect([...ranked].toSorted()).toEqual([...CONFIGURED].toSorted());
      }),
    );
  });

  it.each<[string, VendorPart]>([
    ["fails", { type: "lost" }],
    ["disagrees with the others", { ...good, oddShare: 1 }],
    ["is slow", { ...good, latencyMs: 1_500 }],
    ["has old quotes", { ...good, quoteAgeMs: 60_000 }],
  ])("puts one that %s last, and forgives it when it is good again", (_name, bad) => {
    const fallen = [good, bad, bad];
    expect(rank({ alpaca: after(fallen) }).at(-1)).toBe("alpaca");
    const better = Array.from({ length: 30 }, () => good);
    expect(rank({ alpaca: after([...fallen, ...better]) })[0]).toBe("alpaca");
  });

  it("puts the dear one last: a request for every symbol costs more than one for all", () => {
    expect(rank({}, { yahoo: 100 }).at(-1)).toBe("yahoo");
  });
});

describe("whom to ask next", () => {
  const symbols = ["AAA", "BBB", "CCC"].map((text) => parseTicker(text)!);
  const origins = { alpaca: "iex", polygon: "polygon", yahoo: "yahoo", tiingo: "iex" } as const;
  const sources = fc.subarray(["iex", "polygon", "yahoo"]).map((list) => new Set<string>(list));

  it("brings every open symbol enough sources if any can, and asks nobody for nothing", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(sources, sources), { minLength: 3, maxLength: 3 }),
        fc.subarray([...CONFIGURED]),
        fc.constantFrom(1, 2),
        (states, left, sourcesMin) => {
          const open = states.map(([heard, awaited], index) => ({
            symbol: symbols[index]!,
            heard,
            awaited,
          }));
          const vendors = left.map((vendor) => ({
            vendor,
            origin: origins[vendor],
            symbolsMax: Infinity,
          }));
          const picks = pickVendors(open, vendors, sourcesMin);
          for (const pick of picks) expect(pick.symbols.length).toBeGreaterThan(0);
          for (const { symbol, heard, awaited } of open) {
            const asked = picks.filter((pick) => pick.symbols.includes(symbol));
            const hoped = new Set([...heard, ...awaited]);
            for (const { vendor } of asked) hoped.add(origins[vendor]);
            const possible = new Set([...heard, ...awaited, ...left.map((one) => origins[one])]);
            expect(hoped.size).toBeGreaterThanOrEqual(Math.min(sourcesMin, possible.size));
            // Never more than what is missing, or the one that decides.
            const missing = Math.max(0, sourcesMin - new Set([...heard, ...awaited]).size);
            expect(asked.length).toBeLessThanOrEqual(Math.max(missing, awaited.size === 0 ? 1 : 0));
          }
        },
      ),
    );
  });
});

describe("a vendor that nobody asks", () => {
  const standings = fc.record({
    latencyMs: fc.double({ min: 0, max: 5_000, noNaN: true }),
    quoteAgeMs: fc.double({ min: 0, max: 1_000_000, noNaN: true }),
    failureShare: fc.double({ min: 0, max: 1, noNaN: true }),
    oddShare: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  it("has ever less against it, never more, and after an hour nothing that counts", () => {
    fc.assert(
      fc.property(standings, fc.nat(3_600_000), (standing, idleMs) => {
        const faded = fadeStanding(standing, idleMs);
        expect(penaltyOf({ standing: faded, cost: 0 })).toBeLessThanOrEqual(
          penaltyOf({ standing, cost: 0 }),
        );
        const long = fadeStanding(standing, 3_600_000);
        expect(penaltyOf({ standing: long, cost: 0 })).toBeLessThan(1);
      }),
    );
  });

  it("is asked again after some minutes, however often it failed", () => {
    const failing = { latencyMs: 5, quoteAgeMs: 100, failureShare: 1, oddShare: 0 };
    const rank = (idleMs: number) =>
      rankVendors([
        { vendor: "alpaca", standing: fadeStanding(failing, idleMs), cost: 0 },
        { vendor: "polygon", standing: NEW_STANDING, cost: 0 },
      ]);
    expect(rank(60_000)).toEqual(["polygon", "alpaca"]);
    expect(rank(300_000)).toEqual(["alpaca", "polygon"]);
  });

  it("keeps its standing where no time passed, or the clock went back", () => {
    const standing = { latencyMs: 5, quoteAgeMs: null, failureShare: 0.5, oddShare: 0.1 };
    expect(fadeStanding(standing, 0)).toEqual(standing);
    expect(fadeStanding(standing, -5_000)).toEqual(standing);
  });
});
