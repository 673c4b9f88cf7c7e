import { describe, expect, it } from "vitest";
import { runChaos } from "../../../local/chaos/run-chaos.ts";
import { SCENARIOS } from "../../../local/chaos/scenarios.ts";
import { drillSettings } from "../../../local/drills/drill-settings.ts";
import { CHAOS_MODES } from "../../../shared/domain/chaos/chaos-mode.ts";
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
    scenarios: SCENARIOS.filter(({ name }) => names.includes(name)),
  });

describe("chaos", () => {
  it("has a scenario for every failure", () => {
    expect(SCENARIOS.map(({ name }) => name)).toEqual(CHAOS_MODES.filter((one) => one !== "off"));
  });

  it("tells of a flow that is down, refetches it, and is well again", async () => {
    const { scenarios, ok } = await play(["flow_down"]);
    expect(scenarios[0]?.broken).toEqual([]);
    expect(scenarios[0]?.remedies).toContain("refetchFlow");
    expect(ok).toBe(true);
  });

  it("rebuilds a cell that nobody can read, and lets nothing trade until people have looked", async () => {
    const { scenarios } = await play(["state_corrupt"]);
    expect(scenarios[0]).toMatchObject({ ok: true, tradesAgainMs: null, dataLost: [] });
  });

  it("restores a configuration that is not the signed one, and tells a person", async () => {
    const { scenarios } = await play(["config_drift"]);
    expect(scenarios[0]).toMatchObject({ ok: true, remedies: ["restoreConfiguration"] });
    expect(scenarios[0]?.alerts.join()).toContain("configurationDrift");
  });

  it("plays nothing where orders are real", async () => {
    const live = { ...settings(), mode: "live" as const };
    await expect(runChaos({ settings: live, seed: 1, scenarios: SCENARIOS })).rejects.toThrow(
      "Chaos is played in a world without real orders.",
    );
  });
});
