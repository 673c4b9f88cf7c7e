import { describe, expect, it } from "vitest";
import { createChaosFollower } from "../../../shared/adapters/chaos/chaos-control.ts";
import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { createStoredChaosLog } from "../../../shared/adapters/stored/chaos-log.ts";
import {
  CHAOS_MODES,
  chaosWorldOf,
  FAILURES,
  parseChaosMode,
} from "../../../shared/domain/chaos/chaos-mode.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";

const MINUTE_MS = 60_000;

const follow = () => {
  const world = chaosWorldOf("sim");
  if (!world.ok) throw new Error("The simulated world may be broken.");
  let atMs = 1_000;
  const clock = { nowMs: () => atMs, monotonicMs: () => atMs };
  const log = createStoredChaosLog(createMemoryItemStore(), { region: "local" });
  const pass = (ms: number): void => {
    atMs += ms;
  };
  return { chaos: createChaosFollower(world.value, log, clock), log, pass, clock };
};

const noAnswer = (): Promise<never> => Promise.reject(new RetryableError("No answer."));

const flowDown = {
  failure: "flow_down",
  by: "operator",
  beganAtMs: 1_000,
  endsAtMs: 1_000 + 15 * MINUTE_MS,
  clearedAtMs: null,
} as const;

describe("chaos", () => {
  it("has no world where orders are real", () => {
    expect(chaosWorldOf("live")).toMatchObject({ ok: false, error: { type: "ChaosRefused" } });
    for (const mode of ["sim", "shadow", "paper"] as const) {
      expect(chaosWorldOf(mode)).toEqual({ ok: true, value: mode });
    }
  });

  it("cannot be followed without such a world, by its type", () => {
    const { log, clock } = follow();
    // @ts-expect-error A mode alone is no world that may be broken.
    expect(createChaosFollower("live", log, clock).isOn("flow_down")).toBe(false);
  });

  it("is off unless it is named, and knows no other words", () => {
    expect(parseChaosMode(undefined)).toBe("off");
    expect(parseChaosMode("")).toBe("off");
    for (const mode of CHAOS_MODES) expect(parseChaosMode(mode)).toBe(mode);
    expect(parseChaosMode("OFF")).toBeUndefined();
    expect(parseChaosMode("everything")).toBeUndefined();
  });

  it("breaks nothing until something is noted, and then that alone", async () => {
    const { chaos } = follow();
    expect(chaos.isOn(...FAILURES)).toBe(false);
    await chaos.log.note(flowDown);
    expect(chaos.isOn("flow_down", "ledger_down")).toBe(true);
    expect(chaos.isOn("ledger_down")).toBe(false);
    expect(chaos.struck()).toEqual({ flow_down: 1 });
  });

  it("ends by itself, and sooner when somebody ends it", async () => {
    const { chaos, pass } = follow();
    await chaos.log.note(flowDown);
    await chaos.log.note({ ...flowDown, clearedAtMs: 2_000 });
    expect(chaos.isOn("flow_down")).toBe(false);
    await chaos.log.note(flowDown);
    pass(15 * MINUTE_MS - 1);
    expect(chaos.isOn("flow_down")).toBe(true);
    pass(1);
    expect(chaos.isOn("flow_down")).toBe(false);
  });

  it("follows what another function noted, within five seconds", async () => {
    const { chaos, log, pass } = follow();
    await chaos.look();
    await log.note(flowDown);
    pass(4_999);
    await chaos.look();
    expect(chaos.isOn("flow_down")).toBe(false);
    pass(1);
    await chaos.look();
    expect(chaos.isOn("flow_down")).toBe(true);
  });

  it("goes on as it was where the log cannot be read", async () => {
    const { chaos, clock } = follow();
    await chaos.log.note(flowDown);
    const deaf = createChaosFollower(chaos.world, { ...chaos.log, list: noAnswer }, clock);
    await expect(deaf.look()).resolves.toBeUndefined();
    expect(deaf.isOn("flow_down")).toBe(false);
  });
});
