import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { addFunnels, EMPTY_FUNNEL } from "../../shared/domain/funnel/funnel.ts";
import type { Money } from "../../shared/domain/market/money.ts";
import { addDays, type SessionDate } from "../../shared/domain/market/session-date.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import {
  cycleArbitrary,
  evidenceArbitrary,
  flowArbitrary,
  funnelArbitrary,
  healthArbitrary,
  OPEN_MS,
  quoteArbitrary,
  scoreArbitrary,
  SESSION,
  ticker,
  tideArbitrary,
} from "./arbitraries.ts";

const NO_FLOW = { evidence: [], marketTide: undefined, isTideBroken: false };

/** What every adapter of telemetry does; `createTelemetry` gives Regions that share one store. */
export const describeTelemetry = (
  name: string,
  createTelemetry: (region: string) => Promise<Telemetry>,
  { runs }: { readonly runs: number },
): void => {
  let telemetry: Telemetry;
  let elsewhere: Telemetry;
  beforeAll(async () => {
    telemetry = await createTelemetry("us-east-2");
    elsewhere = await createTelemetry("us-west-2");
  });
  let sessions = 0;
  const newSession = (): SessionDate => {
    sessions += 1;
    return addDays(SESSION, sessions);
  };
  let components = 0;
  const newComponent = (): string => {
    components += 1;
    return `component-${components}`;
  };

  describe(`${name}: snapshots`, () => {
    it("of a shard's quotes replace each other and come back to the last field", async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(3), fc.array(quoteArbitrary), async (shard, quotes) => {
          await telemetry.recordQuotes(shard, quotes);
          expect(await telemetry.loadQuotes(shard)).toStrictEqual(quotes);
        }),
        { numRuns: runs },
      );
    });

    it("of a shard's scores replace each other and come back to the last field", async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(3), fc.array(scoreArbitrary), async (shard, scores) => {
          await telemetry.recordScores(shard, scores);
          expect(await telemetry.loadScores(shard)).toEqual(scores);
        }),
        { numRuns: runs },
      );
    });

    it("of flow are kept per symbol, for more symbols than one batch holds", async () => {
      const symbols = Array.from({ length: 130 }, (_, index) =>
        ticker(`${String.fromCodePoint(65 + (index % 26))}${"ABCDE"[Math.floor(index / 26)]}`),
      );
      const evidence = symbols.map((symbol) => ({
        symbol,
        daily: { ivRank: { rank: 50, observedAtMs: OPEN_MS } },
      }));
      await telemetry.recordFlow({ evidence, marketTide: undefined });
      const { evidence: loaded } = await telemetry.loadFlow([...symbols, ticker("ZZZ")]);
      expect(loaded.toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1))).toEqual(
        evidence.toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1)),
      );
    });

    it("of flow come back to the last field, with what is not known left out", async () => {
      await fc.assert(
        fc.asyncProperty(flowArbitrary(ticker("SPY")), tideArbitrary, async (one, marketTide) => {
          const flow = { evidence: [one], marketTide };
          await telemetry.recordFlow(flow);
          const loaded = { ...flow, isTideBroken: false };
          expect(await telemetry.loadFlow([ticker("SPY")])).toEqual(loaded);
          // Nothing is asked for nothing.
          expect(await telemetry.loadFlow([])).toEqual(NO_FLOW);
        }),
        { numRuns: runs },
      );
    });

    it("of flow replace the market's tide, also by none, and leave other symbols as they are", async () => {
      await fc.assert(
        fc.asyncProperty(
          flowArbitrary(ticker("SPY")),
          fc.array(tideArbitrary, { minLength: 1, maxLength: 3 }),
          async (one, tides) => {
            await telemetry.recordFlow({ evidence: [one], marketTide: undefined });
            for (const marketTide of tides) {
              await telemetry.recordFlow({ evidence: [], marketTide });
              const known = await telemetry.loadFlow([ticker("SPY")]);
              expect(known).toEqual({ evidence: [one], marketTide, isTideBroken: false });
            }
            await telemetry.recordFlow({ evidence: [], marketTide: undefined });
          },
        ),
        { numRuns: runs },
      );
    });

    it("are empty where nothing was recorded", async () => {
      expect(await telemetry.loadQuotes(99)).toEqual([]);
      expect(await telemetry.loadScores(99)).toEqual([]);
      expect(await telemetry.loadFlow([])).toEqual(NO_FLOW);
      expect(await telemetry.loadFlow([ticker("NONE")])).toEqual(NO_FLOW);
    });

    it("of one Region are not seen as another's", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(quoteArbitrary, { minLength: 1 }), async (quotes) => {
          await telemetry.recordQuotes(50, quotes);
          expect(await elsewhere.loadQuotes(50)).toEqual([]);
        }),
        { numRuns: 1 },
      );
    });
  });

  describe(`${name}: the funnel`, () => {
    it("is the sum of everything added in every Region, in whatever order", async () => {
      const additions = fc.array(fc.tuple(fc.boolean(), funnelArbitrary), { maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(additions, async (counts) => {
          const date = newSession();
          await Promise.all(
            counts.map(([here, count]) => (here ? telemetry : elsewhere).addToFunnel(date, count)),
          );
          const sum = counts.map(([, count]) => count).reduce(addFunnels, EMPTY_FUNNEL);
          expect(await telemetry.loadFunnel(date)).toEqual({ sessionDate: date, ...sum });
        }),
        { numRuns: runs },
      );
    });

    it("takes more reasons at once than one write of any store holds", async () => {
      const date = newSession();
      const stopped = Object.fromEntries(
        Array.from({ length: 250 }, (_, index) => [`valid.reason-${index}`, index + 1]),
      );
      await telemetry.addToFunnel(date, { passed: {}, stopped });
      await telemetry.addToFunnel(date, { passed: { polled: 1 }, stopped });
      const doubled = Object.entries(stopped).map(([reason, count]) => [reason, count * 2]);
      expect(await telemetry.loadFunnel(date)).toEqual({
        sessionDate: date,
        passed: { polled: 1 },
        stopped: Object.fromEntries(doubled),
      });
    });
  });

  describe(`${name}: what is appended`, () => {
    it("is a component's evidence, newest first and at most as much as asked", async () => {
      const plan = fc.tuple(
        fc.uniqueArray(evidenceArbitrary("x"), { selector: (evidence) => evidence.atMs }),
        fc.nat(6),
      );
      await fc.assert(
        fc.asyncProperty(plan, async ([evidence, limit]) => {
          const component = newComponent();
          const own = evidence.map((piece) => ({ ...piece, component }));
          await Promise.all(own.map((piece) => telemetry.recordEvidence(piece)));
          const newest = own.toSorted((a, b) => b.atMs - a.atMs);
          expect(await telemetry.loadEvidence(component, limit)).toEqual(newest.slice(0, limit));
          expect(await elsewhere.loadEvidence(component, 1)).toEqual([]);
        }),
        { numRuns: runs },
      );
    });

    it("keeps different evidence of one millisecond, and a repeated piece once", async () => {
      const component = newComponent();
      const [first] = fc.sample(evidenceArbitrary(component), 1);
      if (first === undefined) throw new Error("There is a sample.");
      for (const piece of [first, { ...first, detail: "another shard" }, first]) {
        await telemetry.recordEvidence(piece);
      }
      const details = (await telemetry.loadEvidence(component, 10)).map(({ detail }) => detail);
      expect(details.toSorted()).toEqual([first.detail, "another shard"].toSorted());
    });

    it("is the system's health, newest first", async () => {
      const [sample] = fc.sample(healthArbitrary, 1);
      if (sample === undefined) throw new Error("There is a sample.");
      const history = [3, 1, 2].map((second) => ({ ...sample, atMs: OPEN_MS + second * 1_000 }));
      for (const health of history) await telemetry.recordHealth(health);
      const [third, first, second] = history;
      expect(await telemetry.loadHealth(2)).toEqual([third, second]);
      expect(await telemetry.loadHealth(9)).toEqual([third, second, first]);
    });

    it("is the equity curve of a session, oldest first", async () => {
      const date = newSession();
      const points = [2, 1, 3].map((minute) => ({
        atMs: OPEN_MS + minute * 60_000,
        equity: (100_000_000_000 - minute) as Money,
      }));
      for (const point of points) await telemetry.recordEquity(date, point);
      const [second, first, third] = points;
      expect(await telemetry.loadEquity(date)).toEqual([first, second, third]);
      expect(await telemetry.loadEquity(newSession())).toEqual([]);
    });
  });

  describe(`${name}: where market data comes from`, () => {
    it("is the record kept last of a shard, and each Region's own", async () => {
      expect(await telemetry.loadFeed(0)).toBeUndefined();
      const vendor = {
        vendor: "polygon",
        outcome: "failed",
        reason: "NETWORK: 503",
        latencyMs: 12.5,
        quoteAgeMs: null,
        failureShare: 0.2,
        oddShare: 0,
        p50Ms: 9,
        p95Ms: null,
        requestsLeft: 58,
        requestsPerMinute: 60,
        answers: 4,
        answersOverKept: 3,
      } as const;
      const feed = { atMs: 5, dataMode: "fewerVendors", vendors: [vendor] } as const;
      await telemetry.recordFeed(0, { ...feed, vendors: [] });
      await telemetry.recordFeed(0, feed);
      expect(await telemetry.loadFeed(0)).toEqual(feed);
      expect(await telemetry.loadFeed(1)).toBeUndefined();
      expect(await elsewhere.loadFeed(0)).toBeUndefined();
    });
  });

  describe(`${name}: changes of breakers`, () => {
    it("are listed newest first, at most so many, and each Region's own", async () => {
      expect(await telemetry.loadTransitions(5)).toEqual([]);
      const opened = {
        name: "polygon.snapshots",
        from: "closed",
        to: "open",
        generation: 1,
        atMs: 5,
        reason: "failuresInARow",
        untilMs: 60_005,
      } as const;
      const tried = {
        ...opened,
        from: "open",
        to: "halfOpen",
        generation: 2,
        atMs: 60_006,
        reason: null,
        untilMs: null,
      } as const;
      await telemetry.recordTransition(opened);
      await telemetry.recordTransition(tried);
      expect(await telemetry.loadTransitions(5)).toEqual([tried, opened]);
      expect(await telemetry.loadTransitions(1)).toEqual([tried]);
      expect(await elsewhere.loadTransitions(5)).toEqual([]);
    });
  });

  describe(`${name}: rolled back flags`, () => {
    it("are the ones recorded last, and each Region's own", async () => {
      expect(await telemetry.loadRollbacks()).toEqual([]);
      const rollback = {
        flag: "hedgedReads",
        atMs: 5,
        percent: 10,
        reason: "It is worse.",
      } as const;
      await telemetry.recordRollbacks([rollback]);
      expect(await telemetry.loadRollbacks()).toEqual([rollback]);
      expect(await elsewhere.loadRollbacks()).toEqual([]);
      await telemetry.recordRollbacks([]);
      expect(await telemetry.loadRollbacks()).toEqual([]);
    });
  });

  describe(`${name}: the last cycle`, () => {
    it("is the one recorded last, and each Region's own", async () => {
      expect(await telemetry.loadCycle()).toBeUndefined();
      await fc.assert(
        fc.asyncProperty(cycleArbitrary, async (cycle) => {
          await telemetry.recordCycle(cycle);
          expect(await telemetry.loadCycle()).toEqual(cycle);
          expect(await elsewhere.loadCycle()).toBeUndefined();
        }),
        { numRuns: runs },
      );
    });
  });
};
