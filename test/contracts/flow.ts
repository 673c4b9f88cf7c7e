import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseTicker, type Ticker } from "../../shared/domain/market/ticker.ts";
import type { FlowEvidence, MarketFlow } from "../../shared/domain/signals/flow.ts";
import type { Flow } from "../../shared/ports/flow.ts";
import { hasOnlyFiniteNumbers } from "../adapters/mutated-json.ts";

/** A flow vendor during a session. */
export type FlowWorld = {
  readonly flow: Flow;
  readonly nowMs: () => number;
  /** Symbols of which some have flow now. */
  readonly symbols: readonly Ticker[];
  readonly close: () => Promise<void>;
};

/** What every adapter of flow does. */
export const describeFlow = (name: string, startWorld: () => Promise<FlowWorld>): void => {
  let world: FlowWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());
  const fetchFlow = async (symbols: readonly Ticker[]): Promise<MarketFlow> => {
    const fetched = await world.flow.fetchEvidence(symbols);
    if (!fetched.ok) throw new Error(fetched.error.detail);
    return fetched.value;
  };
  const fetchEvidence = async (symbols: readonly Ticker[]): Promise<readonly FlowEvidence[]> =>
    (await fetchFlow(symbols)).evidence;

  describe(`${name}: the evidence`, () => {
    it("is at most one record for each symbol that was asked for", async () => {
      const symbols = (await fetchEvidence(world.symbols)).map(({ symbol }) => symbol);
      expect(symbols.length).toBeGreaterThan(0);
      expect(new Set(symbols).size).toBe(symbols.length);
      for (const symbol of symbols) expect(world.symbols).toContain(symbol);
    });

    it("is dated by the vendor, never after now, and all its numbers are finite", async () => {
      for (const { symbol: _symbol, daily, ...parts } of await fetchEvidence(world.symbols)) {
        expect(hasOnlyFiniteNumbers({ ...daily, ...parts })).toBe(true);
        for (const part of [...Object.values(daily), ...Object.values(parts)]) {
          // What is written as undefined is as unknown as what is not written.
          if (part === undefined) continue;
          expect(part.observedAtMs).toBeLessThanOrEqual(world.nowMs() + 5_000);
        }
      }
    });

    it("is beside one tide of the whole market, of the vendor's time", async () => {
      const { marketTide } = await fetchFlow(world.symbols);
      if (marketTide === undefined) throw new Error("The vendor of this world knows the tide.");
      expect(hasOnlyFiniteNumbers(marketTide)).toBe(true);
      expect(marketTide.observedAtMs).toBeLessThanOrEqual(world.nowMs() + 5_000);
    });

    it("has each symbol's own alerts, dated by the newest of them", async () => {
      let count = 0;
      for (const { symbol, flowAlerts } of await fetchEvidence(world.symbols)) {
        if (flowAlerts === undefined) continue;
        count += flowAlerts.alerts.length;
        expect(flowAlerts.alerts.every((alert) => alert.symbol === symbol)).toBe(true);
        const times = flowAlerts.alerts.map((alert) => alert.createdAtMs ?? -Infinity);
        expect(flowAlerts.observedAtMs).toBe(Math.max(...times));
      }
      expect(count).toBeGreaterThan(0);
    });

    it("is the same when it is asked for twice at one moment", async () => {
      const first = await fetchFlow(world.symbols);
      expect(await fetchFlow(world.symbols)).toEqual(first);
    });

    it("has no alerts on a symbol that nobody has heard of, and of none is none", async () => {
      const [unheardOf] = await fetchEvidence([parseTicker("ZZZZZZ")!]);
      expect(unheardOf?.flowAlerts).toBeUndefined();
      expect(await fetchFlow([])).toMatchObject({ evidence: [] });
    });
  });
};
