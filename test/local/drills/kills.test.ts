import { describe, expect, it } from "vitest";
import { DrillFault } from "../../../local/drills/drill-world.ts";
import { drillKills, type KillDrill } from "../../../local/drills/kills/drill-kills.ts";
import { judgeKills } from "../../../local/drills/kills/judge-kills.ts";
import { parseConfiguration } from "../../../shared/runtime/configuration.ts";

/** Seed 1 has its first life end at work. */
const drillWith = (command: readonly [string, ...string[]]) => {
  const parsed = parseConfiguration("version: 1\nsymbols: [IBM]\n", {});
  if (!parsed.ok) throw new Error("The fixture's configuration is not valid.");
  const stopped = new AbortController().signal;
  const kills: number[] = [];
  const onKill = (kill: number) => void kills.push(kill);
  const options = { configuration: parsed.value, times: 3, seed: 1, speed: 60, stopped, onKill };
  return { kills, drilled: drillKills({ ...options, command }) };
};

const node = (script: string) => [process.execPath, "--eval", script] as const;

describe("a kill drill whose world ends before it is killed", () => {
  it.each([
    [
      "does not start",
      node(`console.error("It was said.\\nholdfast: There is no such file."); process.exit(2)`),
      "The world did not start; nothing was killed. " +
        "It said last: holdfast: There is no such file.",
    ],
    [
      "ends at work",
      node(`console.log('{"type":"ready"}'); console.log('{"type":"ended"}')`),
      'The world ended by itself; nothing was killed. It said last: {"type":"ended"}',
    ],
    [
      "ends without a word",
      node(""),
      "The world did not start; nothing was killed. It said nothing.",
    ],
  ])("judges nothing where it %s, and says what was said last", async (_, command, sentence) => {
    const { kills, drilled } = drillWith(command);
    await expect(drilled).rejects.toThrow(new DrillFault(sentence));
    expect(kills).toEqual([]);
  });

  it("judges nothing where there is no such program", async () => {
    const { drilled } = drillWith(["/nowhere/holdfast"]);
    await expect(drilled).rejects.toThrow(/^The world did not start; .*ENOENT/);
  });
});

describe("the verdict on a kill drill", () => {
  const drill: Omit<KillDrill, "ok"> = {
    mode: "sim",
    seed: 1,
    speed: 60,
    kills: 3,
    killsAtWork: 2,
    tradesAgain: true,
    ordersSent: 9,
    fills: 9,
    duplicates: 0,
    unguarded: 0,
    unknownLeft: 0,
    ledgerEqualsBroker: true,
    secondsToSettle: 4,
    tradingMode: "active",
    differences: [],
  };
  const wished = { kills: 3, killsAtWork: 2 };

  it("is good where lives ended at work and nothing was left behind", () => {
    expect(judgeKills(drill, wished)).toBe(true);
    expect(judgeKills({ ...drill, killsAtWork: 0 }, { kills: 3, killsAtWork: 0 })).toBe(true);
  });

  it("is bad where no life ended at work although some were to", () => {
    expect(judgeKills({ ...drill, killsAtWork: 0 }, wished)).toBe(false);
  });

  it.each([
    { kills: 2 },
    { tradesAgain: false },
    { ordersSent: 0 },
    { duplicates: 1 },
    { unguarded: 1 },
    { unknownLeft: 1 },
    { ledgerEqualsBroker: false },
  ])("is bad where %o", (change) => {
    expect(judgeKills({ ...drill, ...change }, wished)).toBe(false);
  });
});
