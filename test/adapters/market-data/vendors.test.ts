import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../../shared/domain/market/quote.ts";
import { describeVendorData } from "../../contracts/market-data.ts";
import { startExchangeWorld, SYMBOLS } from "../exchange-world.ts";
import { adapterOf, inProcess, startVendorWorld, VENDORS } from "../vendor-world.ts";

for (const vendor of VENDORS) {
  describeVendorData(`${vendor} over HTTP`, () => startVendorWorld(vendor, adapterOf));
  describeVendorData(`${vendor} in this process`, () => startVendorWorld(vendor, inProcess));
}

const snapshotsOf = async (asked: ReturnType<typeof inProcess>): Promise<readonly Snapshot[]> => {
  const answer = await asked.fetchSnapshots(SYMBOLS);
  if (!answer.ok) throw new Error(answer.error.detail);
  return answer.value.snapshots;
};

describe("a vendor", () => {
  it.each(["alpaca", "polygon", "tiingo"] as const)(
    "%s gives the same snapshots over HTTP and in this process",
    async (vendor) => {
      const world = await startExchangeWorld();
      const overHttp = await snapshotsOf(adapterOf(vendor, world));
      expect(overHttp).toEqual(await snapshotsOf(inProcess(vendor, world)));
      await world.close();
    },
  );

  it("yahoo gives the same trades over HTTP and in this process; its days leave minutes out", async () => {
    const world = await startExchangeWorld();
    const overHttp = await snapshotsOf(adapterOf("yahoo", world));
    for (const [index, here] of (await snapshotsOf(inProcess("yahoo", world))).entries()) {
      const { dailyBar: _ours, minuteBar: _minute, ...rest } = here;
      expect(overHttp[index]).toMatchObject(rest);
    }
    await world.close();
  });

  it("agrees with every other to a thousandth, and is not the same to the cent", async () => {
    const world = await startExchangeWorld();
    const books = await Promise.all(VENDORS.map((vendor) => snapshotsOf(adapterOf(vendor, world))));
    const pricesOf = (index: number): readonly number[] =>
      books.map((book) => book[index]?.quote?.bid ?? book[index]?.trade?.price ?? 0);
    for (const [index] of SYMBOLS.entries()) {
      const prices = pricesOf(index);
      expect(Math.max(...prices) / Math.min(...prices)).toBeLessThan(1.001);
    }
    expect(SYMBOLS.some((_symbol, index) => new Set(pricesOf(index)).size > 1)).toBe(true);
    await world.close();
  });

  it("knows the volatility index, unless it has none", async () => {
    const world = await startExchangeWorld();
    const index = world.prices.volatilityIndexAt(world.clock.nowMs())?.value;
    for (const make of [adapterOf, inProcess]) {
      for (const vendor of VENDORS) {
        expect(await make(vendor, world).fetchVolatilityIndex()).toEqual({
          ok: true,
          value: vendor === "tiingo" ? undefined : index,
        });
      }
    }
    await world.close();
  });

  it("that is refused for its key says so, without the key", async () => {
    const world = await startExchangeWorld();
    const strangers = {
      ...world,
      credentials: { keyId: "key", secretKey: "wrong-key" },
      polygonKey: "wrong-key",
      tiingoToken: "wrong-key",
    };
    for (const vendor of ["alpaca", "polygon", "tiingo"] as const) {
      const answer = await adapterOf(vendor, strangers).fetchSnapshots(SYMBOLS);
      expect(answer).toMatchObject({ ok: false, error: { class: "AUTH_ERROR" } });
      expect(JSON.stringify(answer)).not.toContain("wrong-key");
    }
    await world.close();
  });
});
