import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { createHandler } from "../../lambdas/drill-failover/handler.ts";
import { createWorkflow } from "../../local/world/run-workflow.ts";
import { createMemoryArchive } from "../../shared/adapters/memory/archive.ts";
import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import { createStoredDrillManifests } from "../../shared/adapters/stored/drill-manifests.ts";
import { createStoredFailoverReports } from "../../shared/adapters/stored/failover-reports.ts";
import { createStoredLeases } from "../../shared/adapters/stored/leases.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import { LEASE_POLICY } from "../../shared/domain/failover/lease.ts";
import { TerminalError } from "../../shared/domain/fault.ts";
import { err, ok } from "../../shared/domain/result.ts";
import { haltTrading } from "../../shared/domain/risk/trading-state.ts";
import type { Alert } from "../../shared/ports/alerts.ts";
import type { Experiment, Experiments } from "../../shared/ports/experiments.ts";
import { silentLog } from "../../shared/runtime/log.ts";
import { noMetrics } from "../../shared/runtime/metrics.ts";
import type { DrillFailoverDeps } from "../../shared/use-cases/drill-failover.ts";
import { keepAlerts } from "../../shared/use-cases/keep-alerts.ts";
import { createKeepLease } from "../../shared/use-cases/keep-lease.ts";
import { updateCell } from "../../shared/use-cases/update-cell.ts";
import { intentOf, NOW_MS, REGION } from "../fixtures/orders.ts";
import { openAccount, settings } from "../use-cases/trading-account.ts";

const OTHER = "us-west-2";
const DEFINITION = new URL("../../lib/workflows/failover-drill.asl.json", import.meta.url);
const BEAT_MS = LEASE_POLICY.beatMs;

type Change = {
  /** False for an experiment that runs and strikes nothing; true unless it is said. */
  readonly hasEffect?: boolean;
  readonly experiments?: Partial<Experiments>;
  readonly marketLeftMs?: number;
  readonly audit?: DrillFailoverDeps["audit"];
};

/** Two Regions on one account, kept by the deployed keeper, and a fault service that is made up. */
const openDrill = async (change: Change = {}) => {
  const account = await openAccount();
  const items = createMemoryItemStore();
  const leases = createStoredLeases(createMemoryItemStore());
  const telemetryOf = (region: string) => createStoredTelemetry(items, { region });
  const archive = createMemoryArchive();
  const { clock } = account.deps;
  const told: Alert[] = [];
  const happened: string[] = [];
  let experiment: Experiment | undefined;
  const experiments: Experiments = {
    start: async (scenario, drillId) => {
      happened.push(`start ${scenario}`);
      experiment ??= { id: "EXP1", drillId, isRunning: true, isStopping: false, status: "running" };
      return experiment.id;
    },
    list: async () => (experiment === undefined ? [] : [experiment]),
    stop: async () => {
      happened.push("stop");
      if (experiment !== undefined) {
        experiment = { ...experiment, isRunning: false, status: "stopped" };
      }
    },
    ...change.experiments,
  };
  const depsIn = (region: string) => ({
    ...account.deps,
    settings: { ...settings, region },
    telemetry: telemetryOf(region),
    alerts: keepAlerts({
      alerts: { publish: async (alert) => void told.push(alert) },
      telemetry: telemetryOf(region),
      clock,
    }),
  });
  const keeperIn = (region: string) =>
    createKeepLease({ ...depsIn(region), leases, policy: LEASE_POLICY, isAutomatic: true });
  const [here, there] = [keeperIn(OTHER), keeperIn(REGION)];
  const isBroken = () => change.hasEffect !== false && experiment?.isRunning === true;
  const live = async (): Promise<void> => {
    account.advance(BEAT_MS);
    if (!isBroken()) await there({ remainingMs: () => 0 });
    await here({ remainingMs: () => 0 });
  };
  const manifests = createStoredDrillManifests({
    ...archive,
    write: (key, body) => {
      happened.push(key.startsWith("drills/manifests/") ? "manifest" : key);
      return archive.write(key, body);
    },
  });
  const reports = createStoredFailoverReports(archive);
  const deps: DrillFailoverDeps = {
    ...depsIn(OTHER),
    peerRegion: REGION,
    peerTelemetry: telemetryOf(REGION),
    experiments,
    manifests,
    reports,
    leases,
    audit: change.audit,
    broker: {
      ...account.deps.broker,
      readClock: async () => {
        const nowMs = account.nowMs();
        const nextCloseMs = nowMs + (change.marketLeftMs ?? 3 * 3_600_000);
        return ok({ atMs: nowMs, isOpen: true, nextOpenMs: nowMs, nextCloseMs });
      },
    },
  };
  const handler = createHandler(deps, { log: silentLog, metrics: noMetrics, clock });
  const steps: string[] = [];
  const run = (before: (step: string) => Promise<void> | void = () => undefined) =>
    createWorkflow(
      DEFINITION,
      {
        DrillFailover: async (event) => {
          const { step } = event as { readonly step: string };
          steps.push(step);
          await before(step);
          await live();
          const context = { awsRequestId: "1", getRemainingTimeInMillis: () => 60_000 };
          return handler(event, context);
        },
      },
      { LetItHappen: 0, LetItEnd: 0, LetItCalm: 0 },
    )({ scenario: "region-loss" });
  /** The account trades in whichever Region has it, as the ledger and the broker see it. */
  const trade = async (minute: number): Promise<void> => {
    const intent = intentOf({ minute });
    const { epoch } = await account.cell();
    const atMs = account.nowMs();
    await account.ledger.appendEvents(intent.clientOrderId, 0, [
      { type: "intentRecorded", atMs, intent, recordedBy: "drill" },
      { type: "claimed", atMs, epoch, claimId: "c", submitByMs: atMs + 1, quantity: null },
    ]);
    const [first] = account.taken;
    if (first === undefined) throw new Error("An order was taken before.");
    const { clientOrderId } = intent;
    const order = { ...first, brokerOrderId: `late-${minute}`, clientOrderId, submittedAtMs: atMs };
    account.taken.push({ ...order, status: "cancelled", legs: [] });
  };
  await live();
  await live();
  await account.execute(intentOf(), { remainingMs: () => 10_000 });
  const handle = (event: unknown) =>
    handler(event, { awsRequestId: "1", getRemainingTimeInMillis: () => 60_000 });
  return { account, handle, run, steps, happened, told, reports, trade, manifests, archive };
};

describe("the failover-drill workflow", () => {
  it("keeps its manifest before it strikes, sees the account move, restores, and reports", async () => {
    const drill = await openDrill();
    let isTraded = false;
    const outcome = await drill.run(async (step) => {
      if (step !== "report" || isTraded) return;
      isTraded = true;
      await drill.trade(5);
    });
    expect(outcome).toMatchObject({
      state: "done",
      ok: true,
      detail: expect.stringMatching(/^The drill held: fenced after \d+ s, .* 0 lost\.$/) as string,
    });
    expect(drill.happened.slice(0, 3)).toEqual(["manifest", "start region-loss", "manifest"]);
    expect(drill.happened).toContain("stop");
    expect(await drill.account.cell()).toMatchObject({ activeRegion: OTHER, epoch: 2 });
    const [report] = await drill.reports.list(1);
    expect(report).toMatchObject({ place: "aws", mode: "sim", ok: true, seed: null });
    expect(report?.rows).toMatchObject([
      {
        scenario: "region-loss",
        from: REGION,
        to: OTHER,
        ordersSent: 2,
        doubled: 0,
        unguarded: 0,
        lost: 0,
        unknownLeft: 0,
        isRestored: true,
        ok: true,
      },
    ]);
    expect(report?.rows[0]?.alerts).toContain("takeover-main-2");
    expect(report?.totals.secondsToFence).toBeGreaterThanOrEqual(75);
    expect(report?.totals.secondsToFence).toBeLessThanOrEqual(120);
  });

  it("is recorded before it breaks anything, and breaks nothing where it cannot be", async () => {
    const entries: unknown[] = [];
    const drill = await openDrill({
      audit: {
        record: async (entry) => {
          entries.push(entry);
          return err({ type: "NotRecorded", detail: "The ledger does not answer." });
        },
      },
    });
    const handled = drill.handle({ step: "prepare", drillId: "drill-0001", scenario: "next" });
    await expect(handled).rejects.toThrow("The ledger does not answer.");
    expect(entries).toMatchObject([{ kind: "drill", epoch: 1, body: { outcome: "begins" } }]);
    expect(drill.happened).toEqual([]);
  });

  it("counts what is lost, doubled and unguarded from the broker's own list, and fails", async () => {
    const drill = await openDrill();
    let isDone = false;
    const outcome = await drill.run(async (step) => {
      if (step !== "report" || isDone) return;
      isDone = true;
      await drill.trade(5);
      const [first] = drill.account.taken;
      if (first === undefined) throw new Error("There is one.");
      const other = intentOf({ minute: 9 });
      const revised = intentOf({ revision: 1 });
      for (const { clientOrderId } of [other, revised]) {
        const order = { ...first, clientOrderId, brokerOrderId: `x-${clientOrderId}` };
        drill.account.taken.push({ ...order, status: "cancelled", legs: [] });
      }
      await drill.account.ledger.appendEvents(revised.clientOrderId, 0, [
        { type: "intentRecorded", atMs: NOW_MS, intent: revised, recordedBy: "drill" },
      ]);
    });
    expect(outcome).toMatchObject({ state: "done", detail: expect.stringContaining("failed") });
    const [report] = await drill.reports.list(1);
    expect(report?.totals).toMatchObject({ doubled: 1, unguarded: 1, lost: 1 });
    expect(drill.told.at(-1)).toMatchObject({ action: "trigger", component: "drill-failover" });
  });

  it("ends the faults and fails where the account does not move", async () => {
    const drill = await openDrill({ hasEffect: false });
    expect(await drill.run()).toMatchObject({ state: "done" });
    expect(drill.happened).toContain("stop");
    const [report] = await drill.reports.list(1);
    expect(report).toMatchObject({ ok: false, totals: { secondsToFence: null } });
    expect((await drill.account.cell()).epoch).toBe(1);
  });

  it("restores where it cannot strike, and where it cannot look", async () => {
    const broken = await openDrill({
      experiments: {
        start: async () => {
          throw new TerminalError("There is no such experiment.");
        },
      },
    });
    await broken.run();
    expect(broken.steps.slice(0, 3)).toEqual(["prepare", "strike", "restore"]);
    const blind = await openDrill();
    let looks = 0;
    await blind.run(async (step) => {
      if (step !== "observe") return;
      looks += 1;
      if (looks === 2) throw new Error("A bug.");
    });
    expect(blind.happened).toContain("stop");
    expect((await blind.manifests.list(1))[0]?.restoredAtMs).not.toBeNull();
  });

  it.each([
    ["where nobody may trade", {}, "Trading is halted.", true],
    ["shortly before the market closes", { marketLeftMs: 60_000 }, "closes soon", false],
    [
      "while something is injected",
      {
        experiments: {
          list: async () => [
            { id: "E", drillId: "x", isRunning: true, isStopping: false, status: "running" },
          ],
        },
      },
      "is injected into us-east-2 already",
      false,
    ],
  ] as const)("is refused %s, and changes nothing", async (_, change, sentence, isHalted) => {
    const drill = await openDrill(change);
    const cell = await drill.account.cell();
    if (isHalted) {
      const halt = { reason: "Not today.", by: "bob", atMs: NOW_MS };
      await updateCell(drill.account.deps, cell, (now) => haltTrading(now, halt));
    }
    expect(await drill.run()).toMatchObject({
      state: "refused",
      detail: expect.stringContaining(sentence),
    });
    expect(drill.happened).toEqual([]);
    expect(await drill.manifests.list(1)).toEqual([]);
    expect((await drill.account.cell()).epoch).toBe(1);
  });

  it("is refused in the Region that trades, and while another drill is under way", async () => {
    const drill = await openDrill();
    await drill.run();
    // Now the account is here, and would have to be struck from there.
    expect(await drill.run()).toMatchObject({
      state: "refused",
      detail: "us-west-2 trades: the drill is run in the Region that takes over from it.",
    });
    const [last] = await drill.manifests.list(1);
    if (last === undefined) throw new Error("There was a drill.");
    await drill.manifests.save({ ...last, reportedAtMs: null, reportByMs: NOW_MS + 86_400_000 });
    expect(await drill.run()).toMatchObject({
      state: "refused",
      detail: expect.stringContaining("is under way"),
    });
  });

  it("is a definition that Step Functions takes", () => {
    const validate: unknown = createRequire(import.meta.url)("asl-validator");
    const definition: unknown = JSON.parse(
      readFileSync(DEFINITION, "utf8").replaceAll(
        "${DrillFailover}",
        "arn:aws:lambda:us-east-1:000000000000:function:drill",
      ),
    );
    if (typeof validate !== "function") throw new Error("The validator is a function.");
    expect(Reflect.apply(validate, undefined, [definition, { checkArn: true }])).toMatchObject({
      isValid: true,
    });
  });
});
