import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runCommandLine } from "../../bin/command-line.ts";
import { VERBS } from "../../bin/main.ts";
import { VerbFault, type Verb, type VerbInput } from "../../bin/verb.ts";

const shell = () => {
  let out = "";
  let errors = "";
  const context = {
    write: (text: string) => {
      out += text;
    },
    writeError: (text: string) => {
      errors += text;
    },
    isTerminal: false,
    environment: {},
    stopped: new AbortController().signal,
  };
  return { context, out: () => out, errors: () => errors };
};

const run = async (words: readonly string[], verbs: readonly Verb[] = VERBS) => {
  const { context, out, errors } = shell();
  const code = await runCommandLine(verbs, words, context);
  return { code, out: out(), errors: errors() };
};

const echo = (act: (input: VerbInput) => Promise<0 | 3>): Verb => ({
  name: "echo",
  summary: "Say it again.",
  arguments: [{ name: "word", description: "what", isRequired: true, choices: ["one", "two"] }],
  options: [{ flags: "--times <n>", description: "how often", default: "1" }],
  examples: ["echo one"],
  run: act,
});

const ORDRES =
  "Unknown verb 'ordres'; did you mean orders? All of them: npm run holdfast -- --help";

describe("the command line", () => {
  it.each(VERBS.map((verb) => [verb.name, verb] as const))(
    "explains %s with a sentence, examples and --json",
    async (name, verb) => {
      const { code, out } = await run([name, "--help"]);
      expect(code).toBe(0);
      expect(verb.summary).toMatch(/^[A-Z].*\.$/);
      expect(verb.examples.length).toBeGreaterThan(0);
      for (const example of verb.examples) expect(out).toContain(`npm run holdfast -- ${example}`);
      expect(out).toContain("--json");
    },
  );

  it("takes the word help for the option, alone and before a verb", async () => {
    expect(await run(["help"])).toEqual(await run(["--help"]));
    expect(await run(["help", "orders"])).toEqual(await run(["orders", "--help"]));
  });

  it("says that start prints a line of JSON for each event, and other verbs one document", async () => {
    expect((await run(["start", "--help"])).out).toContain("one JSON object a line");
    expect((await run(["orders", "--help"])).out).toContain("one JSON document");
  });

  it("lists every verb and the exit codes", async () => {
    const { code, out } = await run(["--help"]);
    expect(code).toBe(0);
    for (const { name } of VERBS) expect(out).toContain(`  ${name} `);
    expect(out).toContain("64 wrong usage");
  });

  it.each([
    [["ordres"], ORDRES],
    [["ordres", "--help"], ORDRES],
    [["help", "ordres"], ORDRES],
    [["--verson"], "Unknown option '--verson'; all of them: npm run holdfast -- --help"],
    [
      ["orders", "--newest"],
      "Unknown option '--newest'; all of them: npm run holdfast -- orders --help",
    ],
    [
      ["replay"],
      "`replay` takes <dir> (the directory of the recorded days); " +
        "more by npm run holdfast -- replay --help.",
    ],
    [
      ["replay", "days", "--speed", "0"],
      "--speed takes max or a number from 0.1 to 100000, not 0.",
    ],
    [["replay", "days", "--seed", "x"], "--seed takes a whole number from 0 to 4294967295, not x."],
    [
      ["replay", "days", "--symbols", "SPY,4"],
      '--symbols takes symbols such as AAPL,MSFT; "4" is none.',
    ],
    [["orders", "--lmit", "3"], "Unknown option '--lmit'; did you mean --limit?"],
    [["start", "--sped", "3"], "Unknown option '--sped'; did you mean --seed or --speed?"],
    [["orders", "--limit", "0"], "--limit takes a whole number from 1 to 500."],
    [
      ["orders", "--state", "filed"],
      "--state takes new, denied, claimed, acknowledged, rejected, unknown, notSent, orphaned, " +
        "partiallyFilled, filled, cancelled, expired, replaced, not filed.",
    ],
    [
      ["funnel", "--session", "yesterday"],
      "--session takes a date such as 2013-10-07, not yesterday.",
    ],
    [
      ["orders", "extra"],
      "Too many arguments for 'orders'. Expected 0 arguments but got 1: extra.",
    ],
    [
      ["backup"],
      "`backup` takes <action> (list, now, verify); more by npm run holdfast -- backup --help.",
    ],
    [["start", "--speed", "fast"], "--speed takes a number from 0.1 to 120, not fast."],
    [["start", "--speed", "0"], "--speed takes a number from 0.1 to 120, not 0."],
    [["start", "--seed", "-1"], "--seed takes a whole number from 0 to 4294967295, not -1."],
    [["start", "--port", "70000"], "--port takes a whole number from 0 to 65535, not 70000."],
    [["start", "--for", "soon"], "--for takes a duration such as 90s, 10m or 2h, not soon."],
    [["start", "--symbols", "AAPL,4"], '--symbols takes symbols such as AAPL,MSFT; "4" is none.'],
    [
      ["status", "--url", "nowhere"],
      "--url takes an address such as http://127.0.0.1:4477, not nowhere.",
    ],
    [["status", "--url", "http://example.com"], "--url takes https for any machine but this one."],
    [
      ["config", "validate", "--config", "no.yaml"],
      "The configuration no.yaml cannot be read (ENOENT).",
    ],
  ])("answers %j with one sentence and 64", async (words, sentence) => {
    const { code, out, errors } = await run(words);
    expect({ code, out, errors }).toEqual({ code: 64, out: "", errors: `holdfast: ${sentence}\n` });
  });

  it("fails with 2 and a sentence when nothing answers", async () => {
    const { code, errors } = await run(["status", "--url", "http://127.0.0.1:9"]);
    expect(code).toBe(2);
    expect(errors).toMatch(/^holdfast: No Holdfast answers at http:\/\/127.0.0.1:9; .*\n$/);
  });

  it("hands a verb what was typed and returns its exit code", async () => {
    let seen: VerbInput | undefined;
    const verb = echo(async (input) => {
      seen = input;
      return 3;
    });
    expect((await run(["echo", "two", "--times", "4", "--json"], [verb])).code).toBe(3);
    expect(seen).toEqual({ arguments: ["two"], options: { times: "4" }, isJson: true });
    expect((await run(["echo", "three"], [verb])).code).toBe(64);
  });

  it("tells a failure from a bug", async () => {
    const failing = echo(() => Promise.reject(new VerbFault("The disk is full.")));
    expect(await run(["echo", "one"], [failing])).toMatchObject({
      code: 2,
      errors: "holdfast: The disk is full.\n",
    });
    const broken = echo(() => Promise.reject(new TypeError("x is not a function")));
    const { code, errors } = await run(["echo", "one"], [broken]);
    expect(code).toBe(2);
    expect(errors).toContain("This is a bug in Holdfast");
  });

  it("shows and checks the configuration, in text and in JSON", async () => {
    expect((await run(["config", "validate"])).out).toMatch(/^holdfast.yaml is valid: 10 symbols/);
    const shown = await run(["config", "show", "--json"]);
    expect(JSON.parse(shown.out)).toMatchObject({ mode: "sim", isValid: true });
    expect((await run(["config", "show"])).out).toMatch(
      /^# mode: sim\nversion: 1 # holdfast.yaml:\d+\n/,
    );
  });

  it("leaves the shell the exit code", () => {
    const cli = fileURLToPath(new URL("../../bin/holdfast.mjs", import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [cli, "orders", "--lmit", "2"], {
      encoding: "utf8",
    });
    expect(status).toBe(64);
    expect(stderr).toBe("holdfast: Unknown option '--lmit'; did you mean --limit?\n");
  });
});
