import { afterAll, describe, expect, it } from "vitest";
import { isListed } from "../../../local/exchange/api/exchange-api.ts";
import { createFlowRoutes } from "../../../local/exchange/api/flow-routes.ts";
import { createExchange } from "../../../local/exchange/core/exchange.ts";
import { createFaultControl } from "../../../local/exchange/faults/fault-control.ts";
import { createSeededFlow } from "../../../local/exchange/flow/seeded-flow.ts";
import { createSeededFeed } from "../../../local/exchange/prices/seeded-feed.ts";
import { startExchangeServer } from "../../../local/exchange/server.ts";
import { openStateDirectory } from "../../../local/world/state-directory.ts";
import { createHostTimers } from "../../../shared/adapters/host/timers.ts";
import { calendarSessionAfter } from "../../../local/world/world-days.ts";
import { startWorld } from "../../../local/world/world.ts";
import type { WorldEvent } from "../../../local/world/world-event.ts";
import { createHostClock } from "../../../shared/adapters/host/clock.ts";
import { createHostPause } from "../../../shared/adapters/host/pause.ts";
import { createHostRandom } from "../../../shared/adapters/host/random.ts";
import { createScaledClock } from "../../../shared/adapters/host/scaled-clock.ts";
import { FunnelBody } from "../../../shared/adapters/holdfast-api/contract/funnel.ts";
import { sessionOf } from "../../../shared/domain/market/calendar.ts";
import { newYorkToEpochMs } from "../../../shared/domain/market/new-york-time.ts";
import { usd } from "../../../shared/domain/market/money.ts";
import type { Mode } from "../../../shared/domain/settings.ts";
import { parseConfiguration } from "../../../shared/runtime/configuration.ts";
import { toSettings } from "../../../shared/runtime/configuration-settings.ts";
import { DATE, must } from "../../fixtures/orders.ts";
import { makeStateDirectory, removeDirectory } from "./local-world.ts";

const KEYS = {
  alpacaKeyId: "key",
  alpacaSecretKey: "secret",
  unusualWhalesToken: "token",
  polygonKey: "polygon",
  tiingoToken: "tiingo",
};
/** The host itself runs faster, so that nobody waits for a minute. */
const SPEED = 10;
const ALL = { status: "all", limit: 10, direction: "asc" } as const;
const directories: string[] = [];
afterAll(() => directories.forEach(removeDirectory));

/** A world of a mode whose vendors are a simulated exchange over HTTP, within a session. */
const openMode = async (mode: Mode, isEnough: (event: WorldEvent) => boolean) => {
  const startsAtMs = newYorkToEpochMs(DATE, 10 * 3_600_000 + 30_000);
  const host = createScaledClock({ source: createHostClock(), startsAtMs, speed: SPEED });
  const timers = createHostTimers();
  const pause = createHostPause();
  const configuration = parseConfiguration(
    "version: 1\nsymbols: [AAPL, MSFT, NVDA, SPY, IBM]\n",
    {},
  );
  if (!configuration.ok) throw new Error("The fixture's configuration is not valid.");
  const settings = toSettings(configuration.value, { mode, region: "local" });
  const feed = createSeededFeed({ seed: "1", symbols: settings.symbols });
  const exchange = createExchange({
    name: "stand-in",
    startsAtMs,
    startingCash: usd(100_000),
    isKnownSymbol: isListed(feed),
  });
  const server = await startExchangeServer({
    exchange,
    feed,
    flowRoutes: createFlowRoutes(createSeededFlow({ seed: "1", feed })),
    credentials: KEYS,
    faults: createFaultControl(() => 0.5),
    requestsPerMinute: 200,
    clock: host,
    port: 0,
    onFault: (cause) => {
      throw cause;
    },
  });
  const path = makeStateDirectory();
  directories.push(path);
  const state = openStateDirectory({ path, isFresh: false, hostMs: startsAtMs });
  if (!state.ok) throw new Error(state.error.sentence);
  const events: WorldEvent[] = [];
  const happened = Promise.withResolvers<void>();
  const { url } = server;
  const credentials = {
    keyId: "key",
    secretKey: "secret",
    token: "token",
    polygonKey: KEYS.polygonKey,
    tiingoToken: KEYS.tiingoToken,
  };
  const started = await startWorld({
    settings,
    state: state.value,
    record: undefined,
    seed: 1,
    data: undefined,
    marketSymbols: [],
    firstSession: must(sessionOf(DATE)),
    sessionAfter: calendarSessionAfter,
    speed: 1,
    port: 0,
    host,
    timers: { after: (ms, act) => timers.after(ms / SPEED, act) },
    random: createHostRandom(),
    pause: { wait: (ms) => pause.wait(ms / SPEED) },
    vendors: {
      brokerUrl: url,
      marketDataUrl: url,
      polygonUrl: url,
      yahooUrl: url,
      tiingoUrl: url,
      flowUrl: url,
      credentials,
    },
    tell: (event) => {
      events.push(event);
      if (isEnough(event)) happened.resolve();
    },
  });
  if (!started.ok) throw new Error(started.error.sentence);
  await happened.promise;
  const funnel = await fetch(`${started.value.url}/api/funnel`);
  const body = FunnelBody.parse(await funnel.json());
  const end = await started.value.stop();
  await server.close();
  return { exchange, events, body, end };
};

describe("the modes, against a simulated exchange in place of Alpaca", () => {
  it("paper sends its orders, and says that it is paper", async () => {
    const { exchange, body } = await openMode("paper", ({ type }) => type === "orderFilled");
    expect(exchange.listOrders(ALL).length).toBeGreaterThan(0);
    expect(body).toMatchObject({ mode: "paper" });
  }, 30_000);

  it("shadow decides, guards and claims the same, and sends nothing", async () => {
    const { exchange, body } = await openMode(
      "shadow",
      (event) => event.type === "orderTrouble" && event.what === "withheld",
    );
    expect(exchange.listOrders(ALL)).toEqual([]);
    expect(body).toMatchObject({ mode: "shadow" });
  }, 30_000);
});
