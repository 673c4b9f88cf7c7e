import { createUnusualWhalesFlow } from "../../../shared/adapters/unusual-whales/flow.ts";
import type { FlowGap } from "../../../shared/ports/flow.ts";
import { createHttpClient } from "../../../shared/adapters/http/http-client.ts";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import { expect, it } from "vitest";
import { bySession } from "../../../local/exchange/flow/session-flow.ts";
import { createExchangeFlow } from "../../../local/exchange/ports-flow.ts";
import {
  DEFAULT_ENRICHMENT_POLICY,
  enrichFlow,
} from "../../../shared/domain/signals/enrich-flow.ts";
import { scoreFlow } from "../../../shared/domain/signals/score.ts";
import { DEFAULT_WEIGHTS } from "../../../shared/domain/signals/weights.ts";
import { describeFlow } from "../../contracts/flow.ts";
import { startExchangeWorld, SYMBOLS } from "../exchange-world.ts";
import { json, startScriptedServer } from "../scripted-server.ts";
import { alertSample, bodySamples } from "./wire-samples.ts";

const OPENS_AT_MS = Date.UTC(2013, 9, 7, 13, 30);

describeFlow("Unusual Whales' adapter and the simulated exchange", async () => {
  const world = await startExchangeWorld();
  return {
    flow: createUnusualWhalesFlow(world),
    nowMs: world.clock.nowMs,
    symbols: SYMBOLS,
    close: world.close,
  };
});

describeFlow("Flow of the exchange in the same process", async () => {
  const world = await startExchangeWorld();
  return {
    flow: createExchangeFlow(bySession(world.seededFlow), world.clock),
    nowMs: world.clock.nowMs,
    symbols: SYMBOLS,
    close: world.close,
  };
});

it("scores the same over HTTP and in the same process, at any time of the session", async () => {
  let count = 0;
  for (const minutes of [1, 45, 389]) {
    const world = await startExchangeWorld(OPENS_AT_MS + minutes * 60_000);
    const nowMs = world.clock.nowMs();
    const gaps: FlowGap[] = [];
    const overHttp = createUnusualWhalesFlow({ ...world, report: (gap) => gaps.push(gap) });
    const inProcess = createExchangeFlow(bySession(world.seededFlow), world.clock);
    const scores = await Promise.all(
      [overHttp, inProcess].map(async (flow) => {
        const fetched = await flow.fetchEvidence(SYMBOLS);
        if (!fetched.ok) throw new Error(fetched.error.detail);
        const { evidence, marketTide } = fetched.value;
        return (
          evidence
            .filter(({ flowAlerts }) => flowAlerts !== undefined)
            .map((each) => enrichFlow(each, nowMs, DEFAULT_ENRICHMENT_POLICY))
            .map((each) => scoreFlow(each, marketTide, DEFAULT_WEIGHTS, nowMs))
            // What it rests on may reach further back than what counts.
            .map(({ flow: _flow, ...score }) => score)
        );
      }),
    );
    expect(scores[0]).toEqual(scores[1]);
    count += scores[0]?.length ?? 0;
    expect(gaps).toEqual([]);
    await world.close();
  }
  expect(count).toBeGreaterThan(0);
});

describeFlow("Unusual Whales' adapter and its documented answers", async () => {
  const nowMs = Date.parse("2013-10-07T13:41:30Z");
  const clock = { nowMs: () => nowMs, monotonicMs: () => 0 };
  const server = await startScriptedServer(({ path, headers }) => {
    if (headers["authorization"] !== "Bearer token") return json(401, {});
    const found = Object.entries(bodySamples).find(([name]) => path.includes(name));
    const data = [alertSample, { ...alertSample, created_at: "2013-10-07T13:30:00Z" }];
    return json(200, found === undefined ? { data } : found[1]);
  });
  const http = createHttpClient({ clock });
  return {
    flow: createUnusualWhalesFlow({ http, baseUrl: server.url, token: "token", clock }),
    nowMs: clock.nowMs,
    symbols: ["SPY", "IBM"].map((name) => parseTicker(name)!),
    close: async () => {
      http.close();
      await server.close();
    },
  };
});
