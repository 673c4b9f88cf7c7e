import { describe, expect, it } from "vitest";
import { createUnusualWhalesFlow } from "../../shared/adapters/unusual-whales/flow.ts";
import type { Item, ItemKey, ItemStore } from "../../shared/adapters/stored/item-store.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import { createPollFlow } from "../../shared/use-cases/poll-flow.ts";
import { answerWith, memoryHttp } from "../adapters/mutated-json.ts";
import { createTextItemStore } from "../adapters/stored/text-item-store.ts";
import { alertSample, bodySamples } from "../adapters/unusual-whales/wire-samples.ts";
import { REGION, settingsWith, TEN_MS, ticker } from "./cycle-world.ts";

const MINUTE_MS = 60_000;
/** What DynamoDB takes in one request. */
const ITEMS_PER_WRITE = 25;
const KEYS_PER_READ = 100;
const LETTERS = "ABCDEFGHIJ".split("");
const SYMBOLS = LETTERS.flatMap((one) => LETTERS.map((other) => ticker(one + other)));

type Requests = { reads: number; writes: number; items: number };

const counting = (store: ItemStore, requests: Requests): ItemStore => ({
  ...store,
  getMany: (keys: readonly ItemKey[]) => {
    requests.reads += Math.ceil(keys.length / KEYS_PER_READ);
    return store.getMany(keys);
  },
  putMany: (items: readonly Item[]) => {
    requests.writes += Math.ceil(items.length / ITEMS_PER_WRITE);
    requests.items += items.length;
    return store.putMany(items);
  },
});

/** A hundred symbols of a vendor that says the same every minute, as bytes; time goes on. */
const createPlace = () => {
  const time = { nowMs: TEN_MS };
  const clock = { nowMs: () => time.nowMs, monotonicMs: () => time.nowMs };
  const store = createTextItemStore();
  const requests: Requests = { reads: 0, writes: 0, items: 0 };
  const telemetry = createStoredTelemetry(counting(store, requests), { region: REGION });
  const bodies: Readonly<Record<string, unknown>> = bodySamples;
  const quiet = { createdAt: new Date(TEN_MS - MINUTE_MS).toISOString() };
  const environment = () => {
    const flow = createUnusualWhalesFlow({
      http: memoryHttp((url) => {
        const { pathname, searchParams } = new URL(url);
        const asked = searchParams.get("ticker_symbol")?.split(",") ?? [];
        const alerts = asked.map((one) => ({
          ...alertSample,
          ticker: one,
          created_at: quiet.createdAt,
        }));
        const named = pathname.split("/").find((part) => part in bodies);
        const body = named === undefined ? { data: [] } : bodies[named];
        return answerWith(JSON.stringify(pathname.endsWith("alerts") ? { data: alerts } : body));
      }),
      baseUrl: "http://flow",
      token: "TOKEN-IN-TESTS",
      clock,
    });
    const poll = createPollFlow({ flow, telemetry, clock, settings: settingsWith() });
    /** What a poll a minute later asks of the table. */
    return async (): Promise<Requests> => {
      Object.assign(requests, { reads: 0, writes: 0, items: 0 });
      await poll(SYMBOLS);
      time.nowMs += MINUTE_MS;
      return { ...requests };
    };
  };
  return { store, telemetry, environment, quiet };
};

/** Everything that is asked of a symbol has been answered, and its retries are over. */
const SETTLED_MINUTES = 25;

describe("what polling flow asks of the table", () => {
  it("is nothing in a minute that brings nothing new, and a look now and then", async () => {
    const { environment } = createPlace();
    const poll = environment();
    for (let minute = 0; minute < SETTLED_MINUTES; minute++) await poll();
    const asked: Requests[] = [];
    for (let minute = 0; minute < 20; minute++) asked.push(await poll());
    expect(asked.filter(({ writes }) => writes > 0)).toEqual([]);
    const looks = asked.filter(({ reads }) => reads > 0);
    // A hundred symbols and the market's tide, every five minutes.
    expect(looks).toEqual(Array.from({ length: 4 }, () => ({ reads: 2, writes: 0, items: 0 })));
  });

  it("is what has an alert more, once", async () => {
    const { environment, quiet } = createPlace();
    const poll = environment();
    for (let minute = 0; minute < SETTLED_MINUTES; minute++) await poll();
    quiet.createdAt = new Date(Date.parse(quiet.createdAt) + MINUTE_MS).toISOString();
    // All hundred, and the tide with them.
    expect((await poll()).items).toBe(101);
    expect((await poll()).items).toBe(0);
  });
});
