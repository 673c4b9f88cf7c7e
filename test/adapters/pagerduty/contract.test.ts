import { createHttpClient } from "../../../shared/adapters/http/http-client.ts";
import { createPagerDutyPager } from "../../../shared/adapters/pagerduty/pager.ts";
import { describePager } from "../../contracts/pager.ts";
import { json, startScriptedServer, type Step } from "../scripted-server.ts";

const STEPS = {
  takes: json(202, { status: "success", message: "Event processed" }),
  isBusy: json(429, {}),
  fails: json(500, {}),
  refuses: json(400, { status: "invalid event", errors: ["'payload' is missing"] }),
  isAway: { type: "drop" },
} as const satisfies Record<string, Step>;

describePager("PagerDuty", async () => {
  let next: keyof typeof STEPS = "takes";
  const server = await startScriptedServer(() => STEPS[next]);
  const http = createHttpClient({ clock: { monotonicMs: () => 0 } });
  return {
    pager: createPagerDutyPager({ http, baseUrl: server.url, routingKey: "route" }),
    nextAnswer: (answer) => {
      next = answer;
    },
    arrived: () =>
      server.seen.map(({ body }) => {
        const event = Object(JSON.parse(body));
        return { key: String(event.dedup_key), action: String(event.event_action) };
      }),
    close: async () => {
      http.close();
      await server.close();
    },
  };
});
