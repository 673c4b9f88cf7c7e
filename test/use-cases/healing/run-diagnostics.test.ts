import { describe, expect, it } from "vitest";
import { createMemoryQueue } from "../../../shared/adapters/memory/message-queue.ts";
import { healthyBreaker, type Breaker } from "../../../shared/domain/breaker/breaker.ts";
import { restoredCell } from "../../../shared/domain/backup/restored-cell.ts";
import type { BreakerRecord } from "../../../shared/ports/breaker-records.ts";
import { markUnverified } from "../../../shared/domain/risk/change-cell.ts";
import { createCountDeadLetters } from "../../../shared/use-cases/count-dead-letters.ts";
import { keepAlerts } from "../../../shared/use-cases/keep-alerts.ts";
import { createRunDiagnostics } from "../../../shared/use-cases/healing/run-diagnostics.ts";
import { NOW_MS } from "../../fixtures/orders.ts";
import { holdingCell, IBM } from "../cycle-world.ts";
import { healWorld } from "./heal-world.ts";

const recordOf = (name: string, state: Breaker["state"], atMs: number): BreakerRecord => {
  const [generation, trips, sinceMs, untilMs] = [1, 1, atMs, atMs + 60_000];
  const breakers: Readonly<Record<Breaker["state"], Breaker>> = {
    closed: healthyBreaker(atMs),
    open: { state: "open", generation, trips, sinceMs, untilMs, reason: "failuresInARow" },
    halfOpen: {
      state: "halfOpen",
      generation,
      trips,
      sinceMs,
      successes: 0,
      leases: [],
      nextLease: 1,
    },
  };
  return { name, breaker: breakers[state], version: 1 };
};

/** A remedy fails as often as stops it. */
const failFive = async (
  { run, prove, time }: Awaited<ReturnType<typeof healWorld>>,
  component: string,
): Promise<void> => {
  for (let round = 0; round < 5; round++) {
    time.nowMs += 70_000;
    await prove(component, { succeeded: false });
    const { treatment } = await run.diagnose();
    if (treatment.type !== "apply") throw new Error(`Round ${round} has a remedy.`);
    await run.verify(await run.apply(treatment), true);
  }
};

/** Records that an exit of IBM was refused, and returns the alert's key. */
const tellOfRefusedExit = async ({
  telemetry,
  settings,
  time,
}: Pick<
  Awaited<ReturnType<typeof healWorld>>,
  "telemetry" | "settings" | "time"
>): Promise<string> => {
  const key = `exit-refused-${settings.account}-IBM`;
  const told = { key, action: "trigger", severity: "critical", summary: "It is refused." } as const;
  const rest = { component: "execute-orders", mode: "sim", runbook: "exit-refused" };
  const alert = { ...told, ...rest, atMs: time.nowMs };
  await telemetry.recordAlert({ alert, toldAtMs: time.nowMs, beganAtMs: time.nowMs });
  return key;
};

describe("healing", () => {
  it("finds nothing and does nothing while everything is proven", async () => {
    const { run, proveAll } = await healWorld();
    await proveAll();
    expect(await run.diagnose()).toEqual({ findings: [], treatment: { type: "nothing" } });
  });

  it("refetches a flow that failed, and resolves when probe and flow are well", async () => {
    const { run, proveAll, prove, healing, alerts, time } = await healWorld();
    await proveAll();
    time.nowMs += 1_000;
    await prove("flow", { succeeded: false, detail: "NETWORK: reset" });
    const { treatment } = await run.diagnose();
    expect(treatment).toMatchObject({ type: "apply", remedy: "refetchFlow" });
    if (treatment.type !== "apply") return;
    const applied = await run.apply(treatment);
    expect(applied).toMatchObject({ isApplied: true, wake: "pollFlow" });
    expect(await healing.list(5)).toMatchObject([{ outcome: "applied", remedy: "refetchFlow" }]);
    time.nowMs += 60_000;
    await proveAll();
    expect(await run.verify(applied, true)).toMatchObject({ outcome: "helped" });
    expect(await healing.list(5)).toMatchObject([{ outcome: "helped" }]);
    expect(alerts).toMatchObject([{ action: "resolve", runbook: "healing" }]);
  });

  it("ends a refused exit that was told here once another Region has closed the position", async () => {
    const { run, proveAll, ledger, telemetry, settings, alerts, time } = await healWorld();
    const hold = async (count: number): Promise<void> => {
      const loaded = await ledger.loadCell(settings.account);
      if (!loaded.ok || loaded.value === undefined) throw new Error("There is a cell.");
      const { version, epoch } = loaded.value;
      const cell = { ...holdingCell(loaded.value, IBM, count), version: version + 1 };
      expect(await ledger.saveCell(cell, { version, epoch })).toMatchObject({ ok: true });
    };
    const key = await tellOfRefusedExit({ telemetry, settings, time });
    await hold(2);
    time.nowMs += 300_000;
    await proveAll();
    await run.diagnose();
    expect(alerts).toEqual([]);
    await hold(0);
    await run.diagnose();
    expect(alerts).toMatchObject([{ key, action: "resolve" }]);
  });

  it.each(["restored", "unverified"])(
    "lets a refused exit stand while the books may lack what is held, %s",
    async (how) => {
      const { run, proveAll, ledger, telemetry, settings, alerts, time } = await healWorld();
      await tellOfRefusedExit({ telemetry, settings, time });
      const loaded = await ledger.loadCell(settings.account);
      if (!loaded.ok || loaded.value === undefined) throw new Error("There is a cell.");
      const { version, epoch } = loaded.value;
      const clean = { state: "clean", cleanAtMs: time.nowMs } as const;
      const cell =
        how === "restored"
          ? restoredCell(loaded.value, { asOfMs: time.nowMs - 3_600_000, epochFloor: epoch })
          : markUnverified({ ...loaded.value, reconciliation: clean });
      const saved = await ledger.saveCell({ ...cell, version: version + 1 }, { version, epoch });
      expect(saved).toMatchObject({ ok: true });
      time.nowMs += 300_000;
      await proveAll();
      await run.diagnose();
      expect(alerts).toEqual([]);
    },
  );

  it("believes in no remedy when the probe does not pass", async () => {
    const { run, proveAll, prove, alerts, time } = await healWorld();
    await proveAll();
    time.nowMs += 1_000;
    await prove("flow", { succeeded: false });
    const { treatment } = await run.diagnose();
    if (treatment.type !== "apply") throw new Error("There is a remedy.");
    const applied = await run.apply(treatment);
    time.nowMs += 1_000;
    await proveAll();
    expect(await run.verify(applied, false)).toMatchObject({ outcome: "failed" });
    expect(alerts).toMatchObject([{ action: "trigger", severity: "error" }]);
  });

  it("undoes a flag that was switched off for nothing", async () => {
    const { settings } = await healWorld();
    const onTrial = { hedgedReads: { ...settings.flags.hedgedReads, percent: 20 } };
    const flags = { ...settings.flags, ...onTrial };
    const world = await healWorld({ settings: { flags } });
    await world.proveAll();
    for (let failure = 0; failure < 3; failure++) {
      world.time.nowMs += 1_000;
      await world.prove("market-data", { succeeded: false, detail: "NETWORK: reset" });
    }
    const { treatment } = await world.run.diagnose();
    expect(treatment).toMatchObject({ type: "apply", remedy: "switchFlagBack" });
    if (treatment.type !== "apply") return;
    const applied = await world.run.apply(treatment);
    expect(await world.telemetry.loadRollbacks()).toMatchObject([{ flag: "hedgedReads" }]);
    expect(await world.run.verify(applied, false)).toMatchObject({ outcome: "undone" });
    expect(await world.telemetry.loadRollbacks()).toEqual([]);
  });

  it("stops after five failures in ten minutes, marks the component failed and pages once", async () => {
    const world = await healWorld();
    const { run, proveAll, telemetry, alerts, time } = world;
    await proveAll();
    await failFive(world, "flow");
    const stops = () => alerts.filter(({ summary }) => summary.includes("is stopped"));
    expect(stops()).toMatchObject([{ action: "trigger", severity: "error" }]);
    // The first failure and the stop: what was tried in between was no news.
    expect(alerts).toHaveLength(2);
    const faults = (await telemetry.loadEvidence("flow", 9)).map(({ fault }) => fault);
    expect(faults).toContain("configuration");
    time.nowMs += 70_000;
    const { treatment, findings } = await run.diagnose();
    // That it has given up is no cause of its own.
    const ofFlow = findings.filter(({ component }) => component === "flow");
    expect(ofFlow).toMatchObject([{ cause: "flowStale" }]);
    if (treatment.type !== "escalate") throw new Error("It is for a person.");
    await run.giveUp(treatment);
    expect(alerts).toHaveLength(2);
  });

  it("may use a stopped remedy again once what it was for is over without it", async () => {
    const world = await healWorld();
    const { run, proveAll, prove, healing, telemetry, time } = world;
    await proveAll();
    await failFive(world, "flow");
    const outcomes = async () => (await healing.list(50)).map(({ outcome }) => outcome);
    time.nowMs += 60_000;
    await prove("flow", { succeeded: false });
    await run.diagnose();
    expect(await outcomes()).not.toContain("cleared");
    expect(await telemetry.loadEvidence("healing", 1)).toMatchObject([{ succeeded: false }]);
    for (let minute = 0; minute < 4; minute++) {
      time.nowMs += 60_000;
      await proveAll();
    }
    await run.diagnose();
    expect(await outcomes()).toContain("cleared");
    expect(await telemetry.loadEvidence("healing", 1)).toMatchObject([{ succeeded: true }]);
    time.nowMs += 1_000;
    await prove("flow", { succeeded: false });
    expect((await run.diagnose()).treatment).toMatchObject({ remedy: "refetchFlow" });
  });

  it("fails no component for a vendor that others stand in for, and waits until that one is back", async () => {
    const { deps, proveAll, telemetry, healing, time } = await healWorld();
    const vendor = { state: "open" as Breaker["state"] };
    const run = createRunDiagnostics({
      ...deps,
      breakers: { list: async () => [recordOf("alpaca.snapshots", vendor.state, time.nowMs)] },
    });
    for (let round = 0; round < 5; round++) {
      time.nowMs += 70_000;
      await proveAll();
      const { treatment } = await run.diagnose();
      if (treatment.type !== "apply") throw new Error(`Round ${round} has a remedy.`);
      await run.verify(await run.apply(treatment), true);
    }
    const said = await telemetry.loadEvidence("market-data", 20);
    expect(said.every(({ succeeded }) => succeeded)).toBe(true);
    const isCleared = async () => {
      await run.diagnose();
      return (await healing.list(50)).some(({ outcome }) => outcome === "cleared");
    };
    vendor.state = "halfOpen";
    expect(await isCleared()).toBe(false);
    vendor.state = "closed";
    expect(await isCleared()).toBe(true);
  });

  it("tries nothing while another run is at it, and goes on where that one is no more", async () => {
    const { run, proveAll, prove, time } = await healWorld();
    await proveAll();
    time.nowMs += 1_000;
    await prove("flow", { succeeded: false });
    const { treatment } = await run.diagnose();
    if (treatment.type !== "apply") throw new Error("There is a remedy.");
    await run.apply(treatment);
    time.nowMs += 90_000;
    expect((await run.diagnose()).treatment.type).toBe("wait");
    time.nowMs += 150_000;
    expect((await run.diagnose()).treatment.type).toBe("apply");
  });

  it("resolves once what a person was paged for, when it is over", async () => {
    const { run, prove, proveAll, alerts, time } = await healWorld();
    await proveAll();
    time.nowMs += 1_000;
    await prove("broker", { succeeded: false, fault: "schema" });
    const { treatment } = await run.diagnose();
    if (treatment.type !== "escalate") throw new Error("It is for a person.");
    await run.giveUp(treatment);
    time.nowMs += 60_000;
    await proveAll();
    await run.diagnose();
    await run.diagnose();
    expect(alerts.map(({ action }) => action)).toEqual(["trigger", "resolve"]);
    expect(alerts[0]?.key).toBe(alerts[1]?.key);
  });

  it("halts trading where an order could be claimed twice", async () => {
    const { run, prove, proveAll, ledger, settings, alerts, time } = await healWorld();
    await proveAll();
    time.nowMs += 1_000;
    const detail = "The probe stopped at claim: The order could be claimed twice.";
    await prove("probe", { succeeded: false, detail });
    const { treatment } = await run.diagnose();
    expect(treatment.type).toBe("halt");
    if (treatment.type !== "halt") return;
    await run.giveUp(treatment);
    const cell = await ledger.loadCell(settings.account);
    expect(cell).toMatchObject({ ok: true, value: { tradingState: { mode: "halted" } } });
    expect(alerts.some(({ severity }) => severity === "critical")).toBe(true);
  });

  it("leaves a refused key and a changed contract to a person", async () => {
    for (const fault of ["configuration", "schema"] as const) {
      const { run, prove, proveAll, time } = await healWorld();
      await proveAll();
      time.nowMs += 1_000;
      await prove("broker", { succeeded: false, fault });
      expect((await run.diagnose()).treatment.type).toBe("escalate");
    }
  });

  it("redrives dead letters that are counted, and believes in it when they are gone", async () => {
    const clock = { nowMs: () => NOW_MS, monotonicMs: () => NOW_MS };
    const options = { visibilityTimeoutMs: 30_000, maxReceiveCount: 1, kind: "fifo" } as const;
    const [orders, exits] = [createMemoryQueue(options, clock), createMemoryQueue(options, clock)];
    const countDeadLetters = createCountDeadLetters([orders.deadLetters, exits.deadLetters]);
    const { deps, proveAll } = await healWorld();
    const run = createRunDiagnostics({ ...deps, countDeadLetters });
    await proveAll();
    expect((await run.diagnose()).treatment.type).toBe("nothing");
    for (const id of ["a", "b"]) {
      await exits.deadLetters.send([{ body: "{}", group: id, deduplicationId: id }]);
    }
    const { treatment, findings } = await run.diagnose();
    expect(findings).toMatchObject([
      { cause: "deadLettersWaiting", detail: "2 messages were given up." },
    ]);
    if (treatment.type !== "apply") throw new Error("There is a remedy.");
    const applied = await run.apply(treatment);
    expect(applied).toMatchObject({ remedy: "redriveDeadLetters", wake: "redriveDeadLetters" });
    // What is being tended is there still.
    const letters = await exits.deadLetters.receive(10);
    expect(await run.verify(applied, true)).toMatchObject({ outcome: "failed" });
    for (const { receipt } of letters) await exits.deadLetters.remove(receipt);
    expect(await run.verify(applied, true)).toMatchObject({ outcome: "helped" });
  });

  it("resolves what was told of a damaged cell and of dead letters, once it is over", async () => {
    const { deps, proveAll, telemetry, settings, alerts, time } = await healWorld();
    const kept = keepAlerts({ ...deps, telemetry });
    let letters = 1;
    const run = createRunDiagnostics({
      ...deps,
      alerts: kept,
      countDeadLetters: async () => letters,
    });
    const told = { action: "trigger", severity: "critical", mode: "sim", component: "x" } as const;
    for (const key of [
      `cell-damaged-${settings.account}`,
      `dead-letters-exits-${settings.region}`,
    ]) {
      const alert = { ...told, key, summary: "It is damaged.", atMs: time.nowMs, runbook: "x" };
      await kept.publish(alert);
    }
    await proveAll();
    await run.diagnose();
    const resolved = (): readonly string[] =>
      alerts.filter(({ action }) => action === "resolve").map(({ key }) => key);
    expect(resolved()).toEqual([`cell-damaged-${settings.account}`]);
    letters = 0;
    await run.diagnose();
    expect(resolved()).toHaveLength(1);
    time.nowMs += 15 * 60_000;
    await proveAll();
    await run.diagnose();
    await run.diagnose();
    expect(resolved().slice(1)).toEqual([`dead-letters-exits-${settings.region}`]);
  });
});
