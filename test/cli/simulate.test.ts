import { describe, expect, it } from "vitest";
import * as z from "zod";
import { simulate } from "../../bin/verbs/simulate.ts";
import { FAULT_KINDS } from "../../simulation/faults/fault-kind.ts";
import { runVerb, runVerbUntil } from "./run-verb.ts";

const run = (...words: readonly string[]) => runVerb(simulate, ...words);

const Counts = z.record(z.string(), z.number());
const Output = z.object({
  seeds: z.number(),
  events: z.number().positive(),
  eventsPerSecond: z.number().positive(),
  virtualDays: z.number(),
  orders: z.number(),
  faultsInjected: Counts,
  violations: z.array(z.never()),
  coverage: Counts,
  coverageNotYet: z.array(z.string()),
  coverageDemanded: z.literal(false),
  plants: z.array(z.never()),
});

const SHORT = ["--days", "0.06"] as const;

describe("holdfast simulate", () => {
  it("prints one JSON document with everything that was counted, and nothing on stderr", async () => {
    const words = [...SHORT, "--seeds", "3", "--workers", "1", "--json"];
    const { exitCode, output, errors } = await run(...words);
    expect(errors).toBe("");
    const result = Output.parse(JSON.parse(output));
    expect(result).toMatchObject({ seeds: 3, virtualDays: 0.18 });
    expect(Object.keys(result.coverage).length).toBeGreaterThan(10);
    expect(exitCode).toBe(0);
  });

  it("says that it was stopped, and not that anything failed or was missed", async () => {
    const seeds = await runVerbUntil("", simulate, ...SHORT, "--seeds", "600", "--workers", "1");
    expect(seeds.output).toContain("It was stopped before its last seed.");
    expect(seeds.output).not.toContain("Never come across");
    const plants = await runVerbUntil("", simulate, ...SHORT, "--plants", "--workers", "1");
    expect(plants.output).toContain("STOPPED before its end; 0 planted bugs were caught.");
    const json = await runVerbUntil("", simulate, "--plants", "--workers", "1", "--json");
    expect(JSON.parse(json.output)).toMatchObject({ isStopped: true, plants: [] });
    expect([seeds.exitCode, plants.exitCode, json.exitCode]).toEqual([1, 1, 1]);
  });

  it("tells first which faults one seed has, and that every invariant held", async () => {
    const { exitCode, output } = await run(...SHORT, "--seed", "7", "--mode", "liveness");
    const [, , faults] = output.split("\n");
    expect(faults).toContain("Faults enabled, with their rates: ");
    expect(output).toContain("Trace       ");
    expect(output).toContain("Every invariant held after every event of 1 seed.");
    expect(exitCode).toBe(0);
  });

  it("lets only the faults strike that are named", async () => {
    const only = ["--faults", "broker-5xx,delay", "--json", "--seed", "3"];
    const { output } = await run(...SHORT, ...only);
    const { faultsInjected } = Output.parse(JSON.parse(output));
    expect(Object.keys(faultsInjected).toSorted()).toEqual(["broker-5xx", "delay"]);
    const none = await run(...SHORT, ...only, "--only-faults", "none");
    expect(Output.parse(JSON.parse(none.output)).faultsInjected).toEqual({});
  });

  it("lists every kind of fault, and what it does", async () => {
    const { exitCode, output } = await run("--faults", "list");
    expect(exitCode).toBe(0);
    const lines = output.trimEnd().split("\n");
    expect(lines.map((line) => line.split(" ")[0])).toEqual([...FAULT_KINDS]);
    expect(lines.filter((line) => !/^\S+ {2,}[A-Z].+\.$/.test(line))).toEqual([]);
    const asJson = await run("--faults", "list", "--json");
    expect(JSON.parse(asJson.output)).toHaveLength(FAULT_KINDS.length);
  });

  it.each([
    [["--seeds", "0"], "--seeds"],
    [["--seed", "-1"], "--seed"],
    [["--days", "100"], "--days"],
    [["--mode", "brave"], "--mode"],
    [["--faults", "earthquake"], "earthquake"],
    [["--only-faults", "12"], "--seed"],
    [["--seed", "1", "--only-faults", "twelve"], "--only-faults"],
    [["--config", "nowhere.yaml"], "nowhere.yaml"],
  ])("calls %s wrong usage, and names it", async (words, named) => {
    const { exitCode, output, errors } = await run(...words);
    expect(exitCode).toBe(64);
    expect(output).toBe("");
    expect(errors).toContain(named);
  });
});
