import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPolicySeal } from "../../shared/adapters/host/policy-seal.ts";
import { createSeededRandom } from "../../shared/adapters/host/seeded-random.ts";
import { createMemoryAlerts } from "../../shared/adapters/memory/alerts.ts";
import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import { createStoredLedger } from "../../shared/adapters/stored/ledger.ts";
import { createStoredSignedPolicies } from "../../shared/adapters/stored/signed-policies.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import { usd } from "../../shared/domain/market/money.ts";
import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import { err } from "../../shared/domain/result.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import { createSigningKeys } from "../../shared/runtime/signed-configuration.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import { keepAlerts } from "../../shared/use-cases/keep-alerts.ts";
import { signPolicy } from "../../shared/use-cases/sign-policy.ts";
import { createKeepConfiguration } from "../../shared/use-cases/keep-configuration.ts";
import { REGION, settingsWith, TEN_MS, tradingCell } from "./cycle-world.ts";

const { privateKey } = createSigningKeys();

const createPlace = async () => {
  const time = { nowMs: TEN_MS };
  const clock = { nowMs: () => time.nowMs, monotonicMs: () => time.nowMs };
  const items = createMemoryItemStore();
  const ledger = createStoredLedger(items);
  const policies = createStoredSignedPolicies(items);
  const telemetry = createStoredTelemetry(items, { region: REGION });
  const alerts = createMemoryAlerts();
  const depsOf = (settings: Settings, key = privateKey, maySign = true) => ({
    ledger,
    policies,
    seal: createPolicySeal(key),
    signer: maySign ? createPolicySeal(key) : undefined,
    telemetry,
    alerts: keepAlerts({ alerts, telemetry, clock }),
    clock,
    random: createSeededRandom(1),
    pause: { wait: async () => undefined },
    settings,
  });
  const keeperOf = (settings: Settings, key = privateKey, maySign = true) =>
    createKeepConfiguration(depsOf(settings, key, maySign));
  const cell = async (): Promise<ControlCell> => {
    const loaded = await ledger.loadCell("main");
    if (!loaded.ok || loaded.value === undefined) throw new Error("There is no cell.");
    return loaded.value;
  };
  const write = async (change: (now: ControlCell) => ControlCell): Promise<void> => {
    const now = await cell();
    const next = { ...change(now), version: now.version + 1 };
    expect((await ledger.saveCell(next, { version: now.version, epoch: now.epoch })).ok).toBe(true);
  };
  const settings = settingsWith();
  await ledger.saveCell(tradingCell(settings, TEN_MS), { version: 0, epoch: 0 });
  return { time, items, policies, telemetry, alerts, depsOf, keeperOf, cell, write, settings };
};

const limitsOf = (settings: Settings, maxPositionSizeUsd: number): Settings["limits"] => ({
  ...settings.limits,
  maxPositionSize: usd(maxPositionSizeUsd),
});

describe("a drift of the stored limits", () => {
  it("in either direction stops entries, is put back to the letter, and is told", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 100_000 }), async (limitUsd) => {
        const place = await createPlace();
        fc.pre(usd(limitUsd) !== place.settings.limits.maxPositionSize);
        const keeper = place.keeperOf(place.settings);
        await keeper.adopt();
        await place.write((now) => ({ ...now, limits: limitsOf(place.settings, limitUsd) }));
        const after = await keeper.check(await place.cell());
        expect(after.tradingState).toMatchObject({ mode: "reducing", by: "keep-configuration" });
        expect(after.tradingState.reason).toContain("limits");
        expect(after.limits).toEqual(place.settings.limits);
        expect(place.alerts.published()).toMatchObject([{ severity: "critical" }]);
        const [evidence] = await place.telemetry.loadEvidence("configuration", 1);
        expect(evidence).toMatchObject({ succeeded: false, fault: "configuration" });
        // Put back is not resumed: that takes people.
        place.time.nowMs += 10 * 60_000;
        const later = await keeper.check(await place.cell());
        expect(later.tradingState.mode).toBe("reducing");
        expect(await keeper.drift()).toBeNull();
      }),
      { numRuns: 20 },
    );
  });
});

const drifted = (settings: Settings, base: number): Settings => ({
  ...settings,
  gate: { ...settings.gate, thresholds: { ...settings.gate.thresholds, base } },
});

describe("what runs", () => {
  it("under other thresholds than the signed ones never enters, lower or higher", async () => {
    for (const base of [0, 2.69, 2.71, 8]) {
      const place = await createPlace();
      await place.keeperOf(place.settings).adopt();
      const other = place.keeperOf(drifted(place.settings, base));
      const after = await other.check(await place.cell());
      expect(after.tradingState.mode).toBe("reducing");
      expect(after.tradingState.reason).toContain(`gate.thresholds.base is ${base} and not 2.7`);
      // It cannot sign its own drift away.
      await other.restore();
      expect(await other.drift()).toContain("What runs is not what was signed");
    }
  });

  it("is told of once, however many cycles find it", async () => {
    const place = await createPlace();
    await place.keeperOf(place.settings).adopt();
    const other = place.keeperOf(drifted(place.settings, 1));
    for (let cycle = 0; cycle < 4; cycle++) await other.check(await place.cell());
    expect(place.alerts.published()).toHaveLength(1);
  });

  it("is raised by a signed change alone, which is a new version", async () => {
    const place = await createPlace();
    expect(await place.keeperOf(place.settings).adopt()).toBe(1);
    expect(await place.keeperOf(place.settings).adopt()).toBe(1);
    const raised = {
      ...place.settings,
      limits: limitsOf(place.settings, 900),
      limitsDigest: "new",
    };
    const keeper = place.keeperOf(raised);
    expect(await keeper.adopt()).toBe(2);
    const after = await keeper.check(await place.cell());
    expect(after.tradingState.mode).toBe("active");
    expect(after.limits.maxPositionSize).toBe(usd(900));
    expect(place.alerts.published()).toEqual([]);
  });
});

describe("the signed version", () => {
  it("that is missing, damaged or forged stops entries and is signed anew from the default", async () => {
    const forge = createSigningKeys().privateKey;
    const losses: readonly ((
      place: Awaited<ReturnType<typeof createPlace>>,
    ) => Promise<unknown>)[] = [
      (place) =>
        place.items.put(
          { partition: "policy#main", sort: "signed", document: { serial: "?" } },
          { type: "none" },
        ),
      async (place) => {
        const looser = { ...place.settings, limits: limitsOf(place.settings, 90_000) };
        await place.keeperOf(looser, forge).adopt();
      },
      async (place) => {
        const kept = await place.policies.load("main");
        if (kept.type !== "kept") throw new Error("Nothing is kept.");
        await place.policies.save("main", { ...kept.signed, serial: 7 });
      },
    ];
    for (const lose of losses) {
      const place = await createPlace();
      await place.keeperOf(place.settings).adopt();
      await lose(place);
      const keeper = place.keeperOf(place.settings);
      const after = await keeper.check(await place.cell());
      expect(after.tradingState.mode).toBe("reducing");
      expect(after.limits).toEqual(place.settings.limits);
      expect(await keeper.drift()).toBeNull();
    }
  });

  it("is not read in every cycle, and proves itself each time it is", async () => {
    const place = await createPlace();
    const keeper = place.keeperOf(place.settings);
    await keeper.adopt();
    for (let minute = 0; minute < 11; minute++) {
      place.time.nowMs += 60_000;
      await keeper.check(await place.cell());
    }
    const evidence = await place.telemetry.loadEvidence("configuration", 20);
    expect(evidence.map(({ succeeded }) => succeeded)).toEqual([true, true]);
  });
});

const deployed = async () => {
  const place = await createPlace();
  await place.keeperOf(place.settings).adopt();
  const keeperOf = (settings: Settings) => place.keeperOf(settings, privateKey, false);
  return { ...place, deployedOf: keeperOf };
};
const kept = async ({ policies }: Awaited<ReturnType<typeof createPlace>>) => {
  const reading = await policies.load("main");
  if (reading.type !== "kept") throw new Error("Nothing is kept.");
  return reading.signed;
};

const down = async (): Promise<never> => {
  throw new RetryableError("The key cannot be read.");
};

describe("a deployment, which may not sign", () => {
  it("enters nothing until somebody has signed, and cannot sign for itself", async () => {
    const place = await createPlace();
    const keeper = place.keeperOf(place.settings, privateKey, false);
    const after = await keeper.check(await place.cell());
    expect(after.tradingState).toMatchObject({ mode: "reducing" });
    expect(after.tradingState.reason).toContain("missing");
    await keeper.restore();
    expect(await keeper.drift()).toContain("missing");
  });

  it("puts a lost record back from its second copy, and resolves when all is well", async () => {
    const place = await deployed();
    await place.items.put(
      { partition: "policy#main", sort: "signed", document: { serial: "?" } },
      { type: "none" },
    );
    const keeper = place.deployedOf(place.settings);
    expect((await keeper.check(await place.cell())).tradingState.mode).toBe("reducing");
    expect((await kept(place)).serial).toBe(1);
    expect(await keeper.drift()).toBeNull();
    place.time.nowMs += 6 * 60_000;
    await keeper.check(await place.cell());
    place.time.nowMs += 6 * 60_000;
    await keeper.check(await place.cell());
    expect(place.alerts.published().map(({ action }) => action)).toEqual(["trigger", "resolve"]);
  });

  it("notices an older version that is put back, although it was signed once", async () => {
    const place = await deployed();
    const first = await kept(place);
    const raised = { ...place.settings, limits: limitsOf(place.settings, 900) };
    await place.keeperOf(raised).adopt();
    const keeper = place.deployedOf(raised);
    expect((await keeper.check(await place.cell())).tradingState.mode).toBe("active");
    await place.policies.save("main", first);
    place.time.nowMs += 6 * 60_000;
    expect((await keeper.check(await place.cell())).tradingState.reason).toContain("older version");
  });

  it("runs the version before for half an hour, and hands its limits over to the next", async () => {
    const place = await deployed();
    const raised = { ...place.settings, limits: limitsOf(place.settings, 900) };
    const [before, after] = [place.deployedOf(place.settings), place.deployedOf(raised)];
    const { policies, time } = place;
    const signer = createPolicySeal(privateKey);
    const deps = { policies, seal: signer, signers: [signer], clock: { nowMs: () => time.nowMs } };
    expect((await signPolicy(deps, "main", raised, "alice")).serial).toBe(2);
    await before.secure();
    expect((await before.check(await place.cell())).tradingState.mode).toBe("active");
    const handedOver = await after.check(await place.cell());
    expect(handedOver.limits.maxPositionSize).toBe(usd(900));
    // What is still of the version before neither takes it back nor stops anything.
    expect((await before.check(handedOver)).limits.maxPositionSize).toBe(usd(900));
    expect(place.alerts.published()).toEqual([]);
    time.nowMs += 31 * 60_000;
    await before.secure();
    expect((await place.cell()).tradingState.reason).toContain("What runs is not what was signed");
  });

  it("lets no entry pass on a drift while the cell cannot be read, and stops it at once then", async () => {
    const place = await deployed();
    const deps = place.depsOf(drifted(place.settings, 1));
    let failures = 1;
    const unavailable = err({ type: "LedgerUnavailable", detail: "Throttled." } as const);
    const keeper = createKeepConfiguration({
      ...deps,
      ledger: {
        ...deps.ledger,
        loadCell: async (account) => (failures-- > 0 ? unavailable : deps.ledger.loadCell(account)),
      },
    });
    await expect(keeper.secure()).rejects.toThrow(RetryableError);
    expect((await place.cell()).tradingState.mode).toBe("active");
    await keeper.secure();
    expect((await place.cell()).tradingState.mode).toBe("reducing");
  });

  it("lets no entry pass while what was signed cannot be known, and every exit", async () => {
    const place = await deployed();
    const keeper = createKeepConfiguration({
      ...place.depsOf(place.settings),
      seal: { verify: down },
    });
    await expect(keeper.secure()).rejects.toThrow(RetryableError);
    expect((await keeper.check(await place.cell())).tradingState.mode).toBe("active");
  });
});
