import { describe, expect, it } from "vitest";
import { runChaos } from "../../../local/chaos/run-chaos.ts";
import { SCENARIOS } from "../../../local/chaos/scenarios.ts";
import { drillSettings } from "../../../local/drills/drill-settings.ts";
import { FAILURES } from "../../../shared/domain/chaos/chaos-mode.ts";
import { parseConfiguration } from "../../../shared/runtime/configuration.ts";

const settings = () => {
  const parsed = parseConfiguration("version: 1\nsymbols: [SPY]\n", {});
  if (!parsed.ok) throw new Error("The configuration is a good one.");
  const busy = drillSettings(parsed.value);
  return { ...busy, symbols: busy.symbols.slice(0, 6) };
};

const play = (names: readonly string[]) =>
  runChaos({
    settings: settings(),
    seed: 7,
    speed: 80,
    atOnce: 1,
    stopped: new AbortController().signal,
    scenarios: SCENARIOS.filter(({ name }) => names.includes(name)),
  });

describe("chaos", () => {
  it("has a scenario for every failure", () => {
    expect(SCENARIOS.map(({ name }) => name)).toEqual(FAILURES);
  });

  it("damages the stored cell of a local world: told, rebuilt, and nothing doubled or lost", async () => {
    const { scenarios } = await play(["state_corrupt"]);
    expect(scenarios).toHaveLength(1);
    for (const one of scenarios) {
      expect(one).toMatchObject({ ordersDoubled: 0, ordersUnguarded: 0, dataLost: [] });
      expect(one.ordersSent).toBeGreaterThan(0);
      expect(one.alerts.join()).toContain("cell-damaged-main");
      expect(one.recoverMs).not.toBeNull();
    }
  }, 120_000);

  it("plays nothing where orders are real", async () => {
    const live = { ...settings(), mode: "live" as const };
    const stopped = new AbortController().signal;
    const wish = { settings: live, seed: 1, speed: 60, atOnce: 1, stopped, scenarios: SCENARIOS };
    await expect(runChaos(wish)).rejects.toThrow("Chaos is played in a world without real orders.");
  });
});
