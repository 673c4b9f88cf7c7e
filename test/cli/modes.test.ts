import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runCommandLine } from "../../bin/command-line.ts";
import { VERBS } from "../../bin/main.ts";
import { startTestServer } from "../local/exchange/start-server.ts";
import { makeStateDirectory, removeDirectory } from "../local/world/local-world.ts";

const KEYS = { APCA_API_KEY_ID: "key", APCA_API_SECRET_KEY: "secret" };
const directory = makeStateDirectory();
afterAll(() => removeDirectory(directory));
const config = join(directory, "holdfast.yaml");
const key = join(directory, "signing-key");
writeFileSync(config, "version: 1\nsymbols: [SPY, IBM]\n");

/** Runs the CLI; `answer` is what the person at the terminal types, if one sits there. */
const run = async (
  words: readonly string[],
  environment: Readonly<Record<string, string>> = KEYS,
  answer?: string,
) => {
  let out = "";
  let errors = "";
  const code = await runCommandLine(VERBS, words, {
    write: (text) => {
      out += text;
    },
    writeError: (text) => {
      errors += text;
    },
    isTerminal: false,
    ...(answer === undefined ? {} : { ask: async () => answer }),
    environment,
    stopped: new AbortController().signal,
  });
  return { code, out, errors };
};

const LIVE = ["start", "--mode", "live", "--config", config, "--public-key", `${key}.pub`];

describe("a mode that is not the simulated one", () => {
  it.each<[string, readonly string[], Readonly<Record<string, string>>, RegExp]>([
    ["no keys", ["--mode", "paper"], {}, /APCA_API_KEY_ID and APCA_API_SECRET_KEY/],
    ["half a key", ["--mode", "shadow"], { APCA_API_KEY_ID: "key" }, /APCA_API_SECRET_KEY/],
    ["another speed", ["--mode", "paper", "--speed", "60"], KEYS, /--speed/],
    ["recorded days", ["--mode", "paper", "--data", "days"], KEYS, /--data/],
    ["an address elsewhere", ["--mode", "paper", "--vendor-url", "https://a.example"], KEYS, /127/],
    ["an address in sim", ["--vendor-url", "http://127.0.0.1:1"], KEYS, /other modes/],
    ["a mode nobody knows", ["--mode", "real"], KEYS, /mode/],
  ])("does not start with %s, and says so in a sentence", async (_, words, environment, why) => {
    const { code, out, errors } = await run(["start", ...words], environment);
    expect(code).toBe(64);
    expect(errors).toMatch(why);
    expect(errors.trim().split("\n")).toHaveLength(1);
    expect(errors).not.toContain("secret");
    expect(out).toBe("");
  });

  it("keeps a state of its own, and stands in every line", async () => {
    const server = await startTestServer();
    const state = join(directory, "paper-state");
    const words = ["start", "--vendor-url", server.url, "--for", "200ms", "--state", state];
    const common = ["--port", "0", "--json", "--config", config];
    const { out } = await run([...words, ...common, "--mode", "paper"]);
    const lines = out.trim().split("\n");
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ mode: "paper" });
    const other = await run([...words, ...common, "--mode", "shadow"]);
    expect(other.code).toBe(64);
    expect(other.errors).toMatch(/belongs to mode paper/);
    const simulated = await run(["start", "--state", state, "--for", "1s", "--config", config]);
    expect(simulated.errors).toMatch(/belongs to mode paper, not sim/);
    await server.close();
  }, 20_000);
});

describe("mode live", () => {
  it("takes a flag, a signature and a person, in this order, or does not start", async () => {
    expect((await run(LIVE)).errors).toMatch(/--real-money/);
    const meant = [...LIVE, "--real-money"];
    expect((await run(meant)).errors).toMatch(/\.sig cannot be read/);
    expect((await run(["config", "keys", "--key", key])).code).toBe(0);
    expect((await run(["config", "keys", "--key", key])).code).toBe(64);
    const signing = ["--config", config, "--key", key];
    expect((await run(["config", "sign", ...signing])).code).toBe(0);
    expect((await run(["config", "verify", ...signing])).code).toBe(0);
    expect((await run(meant)).errors).toMatch(/by a person at a terminal/);
    expect((await run(meant, KEYS, "yes")).errors).toMatch(/was not confirmed/);
    // A limit that the environment raises is not what was signed.
    const raised = { ...KEYS, MAX_POSITION_SIZE_USD: "50000" };
    const refused = await run(meant, raised, "trade real money");
    expect(refused.errors).toMatch(/not the one that was signed/);
    writeFileSync(config, "version: 1\nsymbols: [SPY, IBM, TSLA]\n");
    expect((await run(["config", "verify", ...signing])).code).toBe(64);
    const changed = await run(meant, KEYS, "trade real money");
    expect(changed.code).toBe(64);
    expect(changed.errors).toMatch(/not the one that was signed/);
  });

  it("has no simulated exchange", async () => {
    const words = [...LIVE, "--real-money", "--vendor-url", "http://127.0.0.1:1"];
    expect((await run(words)).errors).toMatch(/not for live/);
  });
});
