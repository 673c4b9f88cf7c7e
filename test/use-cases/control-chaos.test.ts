import { describe, expect, it } from "vitest";
import { createMemoryAlerts } from "../../shared/adapters/memory/alerts.ts";
import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import { createStoredChaosLog } from "../../shared/adapters/stored/chaos-log.ts";
import { FAILURES } from "../../shared/domain/chaos/chaos-mode.ts";
import type { Mode } from "../../shared/domain/settings.ts";
import type { Chaos } from "../../shared/ports/chaos.ts";
import { createControlChaos } from "../../shared/use-cases/control-chaos.ts";
import { createReadChaos } from "../../shared/use-cases/read/read-chaos.ts";

const MINUTE_MS = 60_000;

const createDesk = (mode: Mode = "sim", causes = FAILURES) => {
  let atMs = 1_000_000;
  const clock = { nowMs: () => atMs, monotonicMs: () => atMs };
  const log = createStoredChaosLog(createMemoryItemStore(), { region: "local" });
  const done: string[] = [];
  const strikes = { state_corrupt: async () => void done.push("state_corrupt") };
  const chaos: Chaos = { log, causes, strikes, clock };
  const settings = { mode, account: "main" };
  const control = createControlChaos({ chaos, alerts: createMemoryAlerts(), clock, settings });
  const read = createReadChaos({ chaos, settings });
  const pass = (ms: number): void => {
    atMs += ms;
  };
  return { control, read, pass, done };
};

const flowDown = { failure: "flow_down", minutes: 10, by: "operator" } as const;

describe("control of chaos", () => {
  it("breaks one thing, says until when, and ends it by itself", async () => {
    const { control, read, pass } = createDesk();
    expect(await control.inject(flowDown)).toMatchObject({
      ok: true,
      value: { failure: "flow_down", beganAtMs: 1_000_000, endsAtMs: 1_000_000 + 10 * MINUTE_MS },
    });
    expect((await read()).current).toMatchObject({ failure: "flow_down", by: "operator" });
    pass(10 * MINUTE_MS);
    expect(await read()).toMatchObject({
      current: null,
      history: [{ failure: "flow_down", endedAtMs: 1_000_000 + 10 * MINUTE_MS }],
    });
  });

  it("breaks one thing at a time, and the next once that is ended", async () => {
    const { control, pass } = createDesk();
    await control.inject(flowDown);
    const other = { ...flowDown, failure: "ledger_down" } as const;
    pass(1);
    expect(await control.inject(other)).toMatchObject({ ok: false, error: { type: "Refused" } });
    expect(await control.clear("operator")).toEqual({ ok: true, value: { cleared: "flow_down" } });
    pass(1);
    expect(await control.inject(other)).toMatchObject({ ok: true });
  });

  it("ends nothing where nothing is broken", async () => {
    const { control } = createDesk();
    expect(await control.clear("operator")).toEqual({ ok: true, value: { cleared: null } });
  });

  it("does damage once, and leaves the mending to the system", async () => {
    const { control, read, pass, done } = createDesk();
    await control.inject({ ...flowDown, failure: "state_corrupt" });
    expect(done).toEqual(["state_corrupt"]);
    pass(1);
    expect((await read()).current).toBeNull();
  });

  it("refuses what this world cannot cause", async () => {
    const { control, done } = createDesk("paper", ["flow_down"]);
    const wish = { ...flowDown, failure: "state_corrupt" } as const;
    expect(await control.inject(wish)).toMatchObject({ ok: false, error: { type: "Refused" } });
    expect(done).toEqual([]);
  });

  it("refuses everything where orders are real, and where nothing listens", async () => {
    const { control, read } = createDesk("live");
    for (const failure of FAILURES) {
      expect(await control.inject({ ...flowDown, failure })).toMatchObject({
        ok: false,
        error: { type: "Refused", detail: expect.stringContaining("live") },
      });
    }
    expect(await control.clear("operator")).toMatchObject({ ok: false });
    expect(await read()).toMatchObject({ failures: [], current: null });
    const settings = { mode: "paper", account: "main" } as const;
    const clock = { nowMs: () => 0, monotonicMs: () => 0 };
    const deaf = createControlChaos({ alerts: createMemoryAlerts(), clock, settings });
    expect(await deaf.inject(flowDown)).toMatchObject({ ok: false, error: { type: "Refused" } });
  });
});
