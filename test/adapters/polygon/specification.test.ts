import { existsSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { parsePrice } from "../../../shared/domain/market/price.ts";
import { startExchangeWorld } from "../exchange-world.ts";
import { adapterOn, tickers } from "../market-data/read-wire.ts";
import { answerWith } from "../mutated-json.ts";

const FILE = "../shared/specs/massive-polygon-openapi.json";
const SNAPSHOTS = "/v2/snapshot/locale/us/markets/stocks/tickers";
const INDICES = "/v3/snapshot/indices";
const CONTENT = ["get", "responses", "200", "content", "application/json"] as const;

const read = (): string => readFileSync(FILE, "utf8");

const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce((part, key) => Reflect.get(Object(part), key), value);

/** What is wrong with an answer by the schema of a path; "" if nothing is. */
const createCheck = (path: string) => {
  const schema = at(JSON.parse(read()), "paths", path, ...CONTENT, "schema");
  const ajv = new Ajv({ strict: false, logger: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(Object(schema));
  return (answer: unknown): string => (validate(answer) ? "" : ajv.errorsText(validate.errors));
};

/** An example as it is on the wire, where no digit of a nanosecond is lost. */
const exampleOf = (path: string): string => {
  const kept = read().replaceAll(/:\s*(\d{18,19})(?=\s*[,}])/g, ':"$1"');
  const example = at(JSON.parse(kept), "paths", path, ...CONTENT, "example");
  return JSON.stringify(example).replaceAll(/:"(\d{18,19})"/g, ":$1");
};

/** What the simulated exchange answers to who shows Massive's key. */
const ask = async (path: string): Promise<unknown> => {
  const world = await startExchangeWorld();
  const headers = { authorization: `Bearer ${world.polygonKey}` };
  const response = await fetch(world.baseUrl + path, { headers });
  const body: unknown = await response.json();
  await world.close();
  expect(response.status).toBe(200);
  return body;
};

/** The parameters of a path, as text. */
const parametersOf = (path: string): string =>
  JSON.stringify(at(JSON.parse(read()), "paths", path, "get", "parameters"));

describe.skipIf(!existsSync(FILE))(
  "Massive's specification (skipped where it is not beside the project)",
  () => {
    it("accepts the snapshots of the simulated exchange", async () => {
      const check = createCheck(SNAPSHOTS);
      const answer = await ask(`${SNAPSHOTS}?tickers=SPY,IBM,NOPE`);
      expect(check(answer)).toBe("");
      expect(answer).toMatchObject({ count: 2, tickers: [{ ticker: "SPY" }, { ticker: "IBM" }] });
      expect(check({ ...Object(answer), tickers: [{ lastQuote: { P: "1" } }] })).not.toBe("");
    });

    it("accepts the snapshot of one symbol", async () => {
      const check = createCheck(`${SNAPSHOTS}/{stocksTicker}`);
      expect(check(await ask(`${SNAPSHOTS}/SPY`))).toBe("");
    });

    it("accepts the indices, with the errors of single ones", async () => {
      const answer = await ask(`${INDICES}?ticker.any_of=I:VIX,I:NOPE`);
      expect(createCheck(INDICES)(answer)).toBe("");
      expect(answer).toMatchObject({
        results: [{ ticker: "I:VIX", value: expect.any(Number) }, { error: "NOT_FOUND" }],
      });
    });

    it("has an example that the adapter reads whole, without swapping bid and ask", async () => {
      const adapter = adapterOn("polygon", () => answerWith(exampleOf(SNAPSHOTS)));
      expect(await adapter.fetchSnapshots(tickers("BCAT"))).toMatchObject({
        ok: true,
        value: {
          missing: [],
          unreadable: [],
          snapshots: [
            {
              quote: {
                bid: parsePrice("20.5"),
                ask: parsePrice("20.6"),
                bidSize: 1_300,
                askSize: 2_200,
                exchangeTimeMs: 1_605_192_959_994,
              },
              trade: { exchangeTimeMs: 1_605_192_894_630 },
            },
          ],
        },
      });
    });

    it("has an example of indices without ours, which is then not known", async () => {
      const adapter = adapterOn("polygon", () => answerWith(exampleOf(INDICES)));
      expect(await adapter.fetchVolatilityIndex()).toEqual({ ok: true, value: undefined });
    });

    it("names the parameters that the adapter uses", () => {
      expect(parametersOf(SNAPSHOTS)).toContain('"name":"tickers"');
      expect(parametersOf(INDICES)).toContain('"name":"ticker.any_of"');
    });
  },
);
