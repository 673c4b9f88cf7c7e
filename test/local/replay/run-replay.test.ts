import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { replay } from "../../../bin/verbs/replay.ts";
import { writeSmallRecording } from "./small-recording.ts";
import { runVerb } from "../../cli/run-verb.ts";

const run = (...words: readonly string[]) => runVerb(replay, ...words);

const Output = z.object({
  days: z.array(z.string()),
  symbols: z.array(z.string()),
  quotes: z.number(),
  quotesRejected: z.record(z.string(), z.number()),
  rowsSkipped: z.record(z.string(), z.number()),
  scored: z.number(),
  intents: z.number(),
  approved: z.number(),
  denied: z.record(z.string(), z.number()),
  orders: z.number(),
  fills: z.number(),
  duplicateOrders: z.literal(0),
  unguardedOrders: z.literal(0),
  startingEquity: z.literal(100_000),
  endingEquity: z.number(),
  tradingState: z.literal("active"),
  seed: z.number(),
  flow: z.literal("seeded"),
  mode: z.literal("sim"),
  traceHash: z.string().length(64),
  elapsedMs: z.number(),
  quotesPerSecond: z.number(),
});

const Figures = z.object({
  orders: z.number(),
  fills: z.number(),
  exposure: z.object({ peak: z.number(), average: z.number(), atEnd: z.number() }),
  profit: z.object({ total: z.number(), realised: z.number(), atTheMark: z.number() }),
  minutesDegraded: z.number(),
  duplicateOrders: z.literal(0),
  unguardedOrders: z.literal(0),
});

const Backtest = z.object({
  mode: z.literal("sim"),
  without: Figures.extend({ traceHash: z.string().length(64) }),
  with: Figures.extend({ traceHash: z.string().length(64) }),
  difference: Figures,
  faults: z.array(z.object({ fault: z.string(), struck: z.number(), alone: Figures })),
  failovers: z.array(z.object({ secondsToFence: z.number(), secondsToTrade: z.number() })),
});

describe("holdfast replay", () => {
  let directory: string;
  beforeEach(() => {
    directory = writeSmallRecording({ symbols: 2, days: ["20231124"], lastMinute: 11 * 60 });
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const fileOf = (symbol: string, kind: "quote" | "trade"): string =>
    join(directory, symbol, `20231124_${kind}.zip`);

  it("prints one JSON document with everything that was counted, and nothing on stderr", async () => {
    const { exitCode, output, errors } = await run(directory, "--json", "--seed", "9");
    expect(errors).toBe("");
    const result = Output.parse(JSON.parse(output));
    expect(result).toMatchObject({ days: ["2023-11-24"], symbols: ["WAA", "WAB"], seed: 9 });
    expect(exitCode).toBe(0);
  });

  it("says in its text that the flow is not recorded, and what became of the money", async () => {
    const { exitCode, output } = await run(directory, "--symbols", "wab");
    expect(output).toContain("1 symbol: WAB.");
    expect(output).toContain("it is made from the seed");
    expect(output).toMatch(/Equity +100000\.00 USD, then/);
    expect(exitCode).toBe(0);
  });

  it("prints a chaos backtest as one JSON document: both runs, and what differs", async () => {
    const faults = "broker-timeout@09:30+60m,region-loss@10:00";
    const { exitCode, output, errors } = await run(directory, "--json", "--faults", faults);
    expect(errors).toBe("");
    const { without, with: struck, difference, ...rest } = Backtest.parse(JSON.parse(output));
    expect(difference.orders).toBe(struck.orders - without.orders);
    expect(difference.minutesDegraded).toBe(struck.minutesDegraded - without.minutesDegraded);
    expect(rest.faults.map(({ fault }) => fault).join(",")).toBe(faults);
    expect(rest.failovers).toHaveLength(1);
    expect(exitCode).toBe(0);
  });

  it("shows a chaos backtest side by side, and lists its faults without a directory", async () => {
    const { output } = await run(directory, "--faults", "vendor-outage@10:00+15m");
    expect(output).toMatch(/Orders +\d+ +\d+ +\S+/);
    expect(output).toMatch(/vendor-outage@10:00\+15m +15 /);
    expect(output).toMatch(
      /Minutes not healthy, by component\n +without .*\n +with .*market-data \d+/,
    );
    expect(output).toContain("Nothing was doubled or unguarded");
    const help = await run("--faults", "help");
    expect(help).toMatchObject({ exitCode: 0, errors: "" });
    expect(help.output).toContain("region-loss");
  });

  it("asks for the directory", async () => {
    expect(await run()).toMatchObject({ exitCode: 64, output: "" });
  });

  it("counts a bad row by its reason and goes on", async () => {
    const { rowsSkipped: before, quotes } = Output.parse(
      JSON.parse((await run(directory, "--json")).output),
    );
    expect(Object.values(before).every((count) => count === 0)).toBe(true);
    rmSync(directory, { recursive: true, force: true });
    directory = writeSmallRecording({
      symbols: 2,
      days: ["20231124"],
      lastMinute: 11 * 60,
      badRows: ["nonsense", "1,2,3"],
    });
    const after = Output.parse(JSON.parse((await run(directory, "--json")).output));
    expect(after.rowsSkipped).toMatchObject({ wrongFieldCount: 2, notAnInteger: 2 });
    expect(after.quotes).toBe(quotes);
  });

  it.each([
    ["a truncated file", "truncated or damaged", 2, () => halve(fileOf("wab", "quote"))],
    ["a file that is no zip", "not a zip archive", 2, () => writeText(fileOf("wab", "trade"))],
    ["a missing file", "is missing", 2, () => rmSync(fileOf("waa", "trade"))],
    ["an empty directory", "no recorded days", 2, () => emptyOut(directory)],
  ])("refuses %s before anything starts, with what and where", async (_name, words, code, harm) => {
    harm();
    const { exitCode, output, errors } = await run(directory, "--json");
    expect(exitCode).toBe(code);
    expect(output).toBe("");
    expect(errors).toContain(words);
    expect(errors).toContain(directory);
    expect(errors.trim().split("\n")).toHaveLength(1);
  });

  it("refuses a directory that is not there", async () => {
    const { exitCode, errors } = await run(join(directory, "nowhere"));
    expect(exitCode).toBe(2);
    expect(errors).toContain("nowhere");
  });

  it.each([
    [["--symbols", "XYZ"], "XYZ"],
    [["--symbols", "not a symbol"], "--symbols"],
    [["--seed", "-1"], "--seed"],
    [["--speed", "fast"], "--speed"],
    [["--sped", "max"], "--sped"],
    [["--faults", "vendor-otage@10:00+5m"], "did you mean vendor-outage?"],
    [["--faults", "vendor-outage@20:00+5m"], "closed"],
    [["--faults", "vendor-outage@10:00+5m", "--speed", "60"], "--speed"],
  ])("calls %s wrong usage, and names it", async (words, named) => {
    const { exitCode, errors } = await run(directory, ...words);
    expect(exitCode).toBe(64);
    expect(errors).toContain(named);
  });
});

const halve = (path: string): void => {
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, bytes.length / 2));
};

const writeText = (path: string): void => writeFileSync(path, "These are no rows.");

const emptyOut = (directory: string): void => {
  for (const name of readdirSync(directory)) {
    rmSync(join(directory, name), { recursive: true, force: true });
  }
};
