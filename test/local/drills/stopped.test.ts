import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { drillVerdict } from "../../../bin/reports/drill-verdict.ts";
import { paletteOf } from "../../../bin/reports/text.ts";
import type { Verb } from "../../../bin/verb.ts";
import { chaos } from "../../../bin/verbs/chaos.ts";
import { drill } from "../../../bin/verbs/drill.ts";
import { playInProcess } from "../../../local/chaos/play-in-process.ts";
import { SCENARIOS } from "../../../local/chaos/scenarios.ts";
import { drillKills } from "../../../local/drills/kills/drill-kills.ts";
import { unlessStopped } from "../../../local/drills/unless-stopped.ts";
import { parseConfiguration } from "../../../shared/runtime/configuration.ts";
import { runVerbUntil } from "../../cli/run-verb.ts";

const LONG = { timeout: 60_000 } as const;
const HOLDFAST = [
  process.execPath,
  fileURLToPath(new URL("../../../bin/holdfast.mjs", import.meta.url)),
] as const;

/** Each with what it says on stderr once it is under way. */
const DRILLS: readonly (readonly [string, Verb, ...string[]])[] = [
  ["1 of 1: hang", drill, "vendors", "--scenario", "hang"],
  ["1 of 1: planned", drill, "failover", "--scenario", "planned"],
  ["It trades", drill, "restore"],
  ["1 of 1: flow_down", chaos, "run", "flow_down", "--at-once", "1"],
];

describe("a drill that is stopped by a signal", () => {
  let directory = "";
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "holdfast-test-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it.for(DRILLS)("says so, and not that it failed (%s)", LONG, async ([sign, verb, ...words]) => {
    const state = words[0] === "failover" ? ["--state", directory] : [];
    const { exitCode, output } = await runVerbUntil(sign, verb, ...words, ...state);
    expect(output).toContain("STOPPED before its end");
    expect(output).not.toMatch(/FAILED|BROKEN|The drill failed|Not everything/);
    expect(exitCode).toBe(1);
    expect(existsSync(join(directory, "archive"))).toBe(false);
  });

  it.for(DRILLS)("says so in JSON (%s)", LONG, async ([sign, verb, ...words]) => {
    const state = words[0] === "failover" ? ["--state", directory] : [];
    const { exitCode, output } = await runVerbUntil(sign, verb, ...words, "--json", ...state);
    const document: unknown = JSON.parse(output);
    expect(document).toMatchObject({ isStopped: true, ok: false });
    expect(exitCode).toBe(1);
  });

  it.for([
    [drill, ["orders"], { totals: { ledgerEqualsBroker: null, secondsToSettle: null } }],
    [drill, ["vendors"], { totals: { secondsToRecover: null } }],
    [chaos, ["run", "flow_down"], { cascadesPrevented: null, recoverMaxMs: null }],
  ] as const)("claims nothing in JSON of what was not measured", LONG, async (expected) => {
    const [verb, words, nothing] = expected;
    const { exitCode, output } = await runVerbUntil("", verb, ...words, "--json");
    const document: unknown = JSON.parse(output);
    expect(document).toMatchObject({ ...nothing, isStopped: true, ok: false });
    expect(exitCode).toBe(1);
  });

  it("leaves the document of what breaks as it was", LONG, async () => {
    const file = join(directory, "CHAOS.md");
    writeFileSync(file, "As it was.");
    const words = ["run", "flow_down", "--at-once", "1", "--write-docs", file];
    const { errors } = await runVerbUntil("1 of 1: flow_down", chaos, ...words);
    expect(readFileSync(file, "utf8")).toBe("As it was.");
    expect(errors).toContain(`It was stopped; ${file} stays as it was.`);
  });

  it("kills nothing more, and measures nothing", LONG, async () => {
    const parsed = parseConfiguration("version: 1\nsymbols: [IBM]\n", {});
    if (!parsed.ok) throw new Error("The fixture's configuration is not valid.");
    const stop = new AbortController();
    let kills = 0;
    const measured = await drillKills({
      configuration: parsed.value,
      command: HOLDFAST,
      times: 9,
      seed: 1,
      speed: 60,
      stopped: stop.signal,
      onKill: () => {
        kills += 1;
        stop.abort();
      },
    });
    expect([measured, kills]).toEqual([undefined, 1]);
  });

  it("waits for the process that plays a scenario, and believes nothing of it", LONG, async () => {
    const stopped = AbortSignal.timeout(1);
    const [scenario] = SCENARIOS;
    if (scenario === undefined) throw new Error("There are scenarios.");
    const play = () => playInProcess(scenario, { command: HOLDFAST, words: [], stopped });
    expect(await unlessStopped(stopped, play)).toBeUndefined();
  });

  it("still says what did not hold among what was finished", () => {
    const context = {
      write: () => undefined,
      writeError: () => undefined,
      isTerminal: false,
      environment: {},
      stopped: AbortSignal.abort(),
    };
    const half = { ok: false, isStopped: true, rows: [{ ok: true }, { ok: false }] };
    expect(drillVerdict(half, "", paletteOf(context))).toBe(
      "STOPPED before its end; rows that were finished: 2. " +
        "The drill failed; the rows that are not ok say where.",
    );
  });
});
