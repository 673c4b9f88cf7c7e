import { describe, expect, it } from "vitest";
import { createChaosSwitch } from "../../../shared/adapters/chaos/chaos-control.ts";
import {
  CHAOS_MODES,
  chaosWorldOf,
  parseChaosMode,
} from "../../../shared/domain/chaos/chaos-mode.ts";

describe("chaos", () => {
  it("has no world where orders are real", () => {
    expect(chaosWorldOf("live")).toMatchObject({ ok: false, error: { type: "ChaosRefused" } });
    for (const mode of ["sim", "shadow", "paper"] as const) {
      expect(chaosWorldOf(mode)).toEqual({ ok: true, value: mode });
    }
  });

  it("cannot be switched on without such a world, by its type", () => {
    // @ts-expect-error A mode alone is no world that may be broken.
    expect(createChaosSwitch("live").current()).toBe("off");
  });

  it("is off unless it is named, and knows no other words", () => {
    expect(parseChaosMode(undefined)).toBe("off");
    expect(parseChaosMode("")).toBe("off");
    for (const mode of CHAOS_MODES) expect(parseChaosMode(mode)).toBe(mode);
    expect(parseChaosMode("OFF")).toBeUndefined();
    expect(parseChaosMode("everything")).toBeUndefined();
  });

  it("breaks nothing while it is off", () => {
    const world = chaosWorldOf("sim");
    if (!world.ok) throw new Error("The simulated world may be broken.");
    const chaos = createChaosSwitch(world.value);
    expect(chaos.isOn(...CHAOS_MODES)).toBe(false);
    chaos.inject("flow_down");
    expect(chaos.isOn("flow_down", "ledger_down")).toBe(true);
    expect(chaos.isOn("ledger_down")).toBe(false);
  });
});
