import { describe, expect, it } from "vitest";
import { usd } from "../../../shared/domain/market/money.ts";
import { parsePrice } from "../../../shared/domain/market/price.ts";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import {
  type ConvictionTrack,
  followEvidence,
  startTrack,
  trackOf,
} from "../../../shared/domain/signals/conviction-track.ts";
import { DEFAULT_ENRICHMENT_POLICY } from "../../../shared/domain/signals/enrich-flow.ts";
import type { FlowAlert, FlowEvidence } from "../../../shared/domain/signals/flow.ts";

const SPY = parseTicker("SPY")!;
const startMs = Date.parse("2013-10-07T14:00:00Z");
const MINUTE_MS = 60_000;

const alertAt = (minute: number, contract: "call" | "put", premiumUsd: number): FlowAlert => ({
  symbol: SPY,
  contract,
  strike: parsePrice("170")!,
  expiry: "2013-12-20",
  totalPremium: usd(premiumUsd),
  askSidePremium: usd(premiumUsd),
  bidSidePremium: usd(0),
  isSweep: false,
  isMultiLeg: false,
  createdAtMs: startMs + minute * MINUTE_MS,
});

/** Everything until the newest alert, newest first, as the vendor lists it. */
const evidenceOf = (...alerts: readonly FlowAlert[]): FlowEvidence => ({
  symbol: SPY,
  daily: {},
  flowAlerts: {
    alerts: alerts.toReversed(),
    observedAtMs: alerts.at(-1)?.createdAtMs ?? startMs,
  },
});

const follow = (evidence: readonly FlowEvidence[], track = startTrack(SPY)): ConvictionTrack => {
  for (const each of evidence) {
    followEvidence(track, each, each.flowAlerts!.observedAtMs, DEFAULT_ENRICHMENT_POLICY);
  }
  return track;
};

const pointsOf = ({ evidence }: ConvictionTrack) =>
  evidence?.convictionHistory?.points.map(({ conviction }) => conviction);

describe("the history of conviction", () => {
  const calls = [0, 1, 2].map((minute) => alertAt(minute, "call", 1_000_000));

  it("gains a point with each newer alert, and none without", () => {
    const steps = [1, 2, 3].map((count) => evidenceOf(...calls.slice(0, count)));
    const track = follow(steps);
    expect(pointsOf(track)).toEqual([0.2, 0.4, 0.6]);
    const again = follow([evidenceOf(...calls)], track);
    expect(pointsOf(again)).toEqual([0.2, 0.4, 0.6]);
    expect(again.evidence?.convictionHistory?.observedAtMs).toBe(startMs + 2 * MINUTE_MS);
  });

  it("begins anew when the flow turns to the other side", () => {
    const turned = [...calls, alertAt(3, "put", 5_000_000)];
    expect(pointsOf(follow([evidenceOf(...calls), evidenceOf(...turned)]))).toEqual([0.4]);
  });

  it("goes on from what is stored, as if the environment had never ended", () => {
    const first = [1, 2].map((count) => evidenceOf(...calls.slice(0, count)));
    const unbroken = follow([...first, evidenceOf(...calls)]);
    const stored = trackOf(follow(first).evidence!, DEFAULT_ENRICHMENT_POLICY);
    expect(follow([evidenceOf(...calls)], stored).evidence).toEqual(unbroken.evidence);
  });

  it("is bounded in points and in time", () => {
    let track = startTrack(SPY);
    for (let minute = 0; minute < 400; minute++) {
      track = follow([evidenceOf(alertAt(minute / 2, "call", 4_000_000))], track);
    }
    const points = track.evidence?.convictionHistory?.points ?? [];
    expect(points).toHaveLength(120);
    const late = follow([evidenceOf(alertAt(1_000, "call", 4_000_000))], track);
    expect(pointsOf(late)).toEqual([0.8]);
  });

  it("is the same object for the same evidence, so that nothing is measured again", () => {
    const track = follow([evidenceOf(...calls)]);
    const { evidence } = track;
    expect(follow([track.source!], track).evidence).toBe(evidence);
  });
});
