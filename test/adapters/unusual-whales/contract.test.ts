import { createUnusualWhalesFlow } from "../../../shared/adapters/unusual-whales/flow.ts";
import { createHttpClient } from "../../../shared/adapters/http/http-client.ts";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import { describeFlow } from "../../contracts/flow.ts";
import { json, startScriptedServer } from "../scripted-server.ts";
import { alertSample, bodySamples } from "./wire-samples.ts";

describeFlow("Unusual Whales", async () => {
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
