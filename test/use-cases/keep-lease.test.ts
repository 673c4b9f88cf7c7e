import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import { createStoredLeases } from "../../shared/adapters/stored/leases.ts";
import { LEASE_POLICY } from "../../shared/domain/failover/lease.ts";
import { haltTrading } from "../../shared/domain/risk/trading-state.ts";
import type { Leases } from "../../shared/ports/leases.ts";
import {
  createKeepLease,
  type KeepLease,
  type KeepLeaseDeps,
  type LeaseKept,
} from "../../shared/use-cases/keep-lease.ts";
import { updateCell } from "../../shared/use-cases/update-cell.ts";
import { NOW_MS, REGION } from "../fixtures/orders.ts";
import { openAccount, settings, type TradingAccount } from "./trading-account.ts";

const OTHER = "us-west-2";
const MINUTE_MS = 60_000;

type Pair = {
  readonly account: TradingAccount;
  readonly leases: Leases;
  readonly keeperIn: (region: string, change?: Partial<KeepLeaseDeps>) => KeepLease;
  /** Runs a keeper to its end; it may take two minutes. */
  readonly run: (keep: KeepLease) => Promise<LeaseKept>;
};

const openPair = async (): Promise<Pair> => {
  const account = await openAccount();
  const leases = createStoredLeases(createMemoryItemStore());
  const pause = { wait: async (ms: number) => account.advance(ms) };
  return {
    account,
    leases,
    keeperIn: (region, change) =>
      createKeepLease({
        ...account.deps,
        pause,
        leases,
        policy: LEASE_POLICY,
        isAutomatic: true,
        settings: { ...settings, region },
        ...change,
      }),
    run: (keep) => {
      const endsAtMs = account.nowMs() + 2 * MINUTE_MS;
      return keep({ remainingMs: () => endsAtMs - account.nowMs() });
    },
  };
};

/** Two keepers at the same time: whoever waits for the earliest moment goes on first. */
const createWaits = (account: TradingAccount) => {
  const waits: { readonly atMs: number; readonly goOn: () => void }[] = [];
  return {
    wait: (ms: number): Promise<void> =>
      new Promise((goOn) => void waits.push({ atMs: account.nowMs() + ms, goOn })),
    untilDone: async (runs: readonly Promise<void>[]): Promise<void> => {
      const running = new Set(runs);
      for (const run of runs) void run.then(() => running.delete(run));
      while (running.size > 0) {
        await setImmediate();
        waits.sort((one, other) => one.atMs - other.atMs);
        const next = waits.shift();
        if (next === undefined) continue;
        account.advance(Math.max(0, next.atMs - account.nowMs()));
        next.goOn();
      }
      await Promise.all(runs);
    },
  };
};

/** Whether each run proved that it works, the oldest first. */
const proofs = async ({ telemetry }: TradingAccount): Promise<readonly boolean[]> =>
  (await telemetry.loadEvidence("keep-lease", NOW_MS))
    .toSorted((one, other) => one.atMs - other.atMs)
    .map(({ succeeded }) => succeeded);

describe("keeping the lease", () => {
  it("renews it in the active Region, four times a run", async () => {
    const { account, leases, keeperIn, run } = await openPair();
    expect(await run(keeperIn(REGION))).toMatchObject({ role: "active", epoch: 1, renewals: 4 });
    expect(await leases.load("main")).toEqual({
      account: "main",
      region: REGION,
      epoch: 1,
      beat: 4,
    });
    expect(account.nowMs() - NOW_MS).toBe(45_000);
  });

  it("watches in the other Region, takes over 75 s after the last beat, and is clean at once", async () => {
    const { account, keeperIn, run } = await openPair();
    const watcher = keeperIn(OTHER);
    await run(keeperIn(REGION));
    const diedAtMs = account.nowMs();
    expect(await run(watcher)).toMatchObject({ role: "tookOver", epoch: 2, missed: 5 });
    expect(account.nowMs() - diedAtMs).toBe(75_000);
    expect(await account.cell()).toMatchObject({
      activeRegion: OTHER,
      epoch: 2,
      tradingState: { mode: "active" },
    });
    expect(await run(watcher)).toMatchObject({ role: "active", epoch: 2 });
    expect((await account.cell()).tradingState).toMatchObject({ mode: "active" });
  });

  it("never takes over from a Region that beats, in whatever order and however late they run", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 29_000 }), { minLength: 10, maxLength: 10 }),
        async (lateness) => {
          const { account, keeperIn } = await openPair();
          const waits = createWaits(account);
          const pause = { wait: waits.wait };
          const beats = async (region: string, latenessMs: readonly number[]): Promise<void> => {
            const keep = keeperIn(region, { pause });
            for (const [minute, lateMs] of latenessMs.entries()) {
              const atMs = NOW_MS + minute * MINUTE_MS + lateMs;
              if (atMs > account.nowMs()) await waits.wait(atMs - account.nowMs());
              const endsAtMs = account.nowMs() + 2 * MINUTE_MS;
              await keep({ remainingMs: () => endsAtMs - account.nowMs() });
            }
          };
          await waits.untilDone([
            beats(REGION, lateness.slice(0, 6)),
            // It stops first: nobody beats after the active Region's last run.
            beats(OTHER, lateness.slice(6)),
          ]);
          expect((await account.cell()).epoch).toBe(1);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("is not kept where the broker cannot be reached, and nobody takes over who cannot either", async () => {
    const { account, keeperIn, run } = await openPair();
    await run(keeperIn(REGION));
    account.setBrokerDown(true);
    expect(await run(keeperIn(REGION))).toMatchObject({ role: "active", renewals: 0 });
    expect(await run(keeperIn(OTHER))).toMatchObject({ role: "watching" });
    expect((await account.cell()).epoch).toBe(1);
    account.setBrokerDown(false);
    expect(await run(keeperIn(OTHER))).toMatchObject({ role: "tookOver" });
  });

  it("tells a person and does nothing where takeovers are not automatic", async () => {
    const { account, keeperIn, run } = await openPair();
    const kept = await run(keeperIn(OTHER, { isAutomatic: false }));
    expect(kept).toMatchObject({
      role: "watching",
      detail: expect.stringContaining("A person has to take over."),
    });
    expect((await account.cell()).epoch).toBe(1);
  });

  it("goes on beating when the ledger loses an answer, or a takeover cannot be ended yet", async () => {
    const { account, leases, keeperIn, run } = await openPair();
    const { ledger } = account.deps;
    let loads = 0;
    const hiccup: Partial<KeepLeaseDeps> = {
      ledger: {
        ...ledger,
        loadCell: async (name) => {
          loads += 1;
          if (loads !== 2) return ledger.loadCell(name);
          return { ok: false, error: { type: "LedgerUnavailable", detail: "Lost." } };
        },
      },
    };
    expect(await run(keeperIn(REGION, hiccup))).toMatchObject({ role: "active", renewals: 3 });
    let saves = 0;
    const unsaved: Partial<KeepLeaseDeps> = {
      ledger: {
        ...ledger,
        // The fence alone is written.
        saveCell: async (...write) => {
          saves += 1;
          if (saves === 1) return ledger.saveCell(...write);
          return { ok: false, error: { type: "LedgerUnavailable", detail: "Not now." } };
        },
      },
    };
    expect(await run(keeperIn(OTHER, unsaved))).toMatchObject({ role: "tookOver", epoch: 2 });
    expect((await account.cell()).tradingState.mode).toBe("reducing");
    expect(await run(keeperIn(OTHER, unsaved))).toMatchObject({ role: "active", renewals: 4 });
    expect(await leases.load("main")).toMatchObject({ region: OTHER, epoch: 2 });
    expect((await account.cell()).tradingState.mode).toBe("reducing");
  });

  it("forgives a beat that comes a moment late, and proves nothing over a dead Region", async () => {
    const { account, keeperIn, run } = await openPair();
    const keep = keeperIn(OTHER, { isAutomatic: false });
    const endsAtMs = account.nowMs() + 30_000;
    await keep({ remainingMs: () => endsAtMs - account.nowMs() });
    expect(await proofs(account)).toEqual([true]);
    await run(keep);
    expect(await proofs(account)).toEqual([true, false]);
  });

  it("goes on from epoch to epoch when the old Region comes back as the watcher", async () => {
    const { account, leases, keeperIn, run } = await openPair();
    const here = keeperIn(REGION);
    const there = keeperIn(OTHER);
    await run(here);
    await run(there);
    await run(there);
    expect(await run(here)).toMatchObject({ role: "tookOver", epoch: 3 });
    expect(await leases.load("main")).toMatchObject({ region: OTHER, epoch: 2 });
    expect(await run(here)).toMatchObject({ role: "active", epoch: 3 });
    expect((await account.cell()).activeRegion).toBe(REGION);
  });

  it("of an epoch that is over is never written over the one that came after it", async () => {
    const { account, leases, keeperIn, run } = await openPair();
    await run(keeperIn(OTHER));
    await run(keeperIn(OTHER));
    const taken = await leases.load("main");
    const { ledger } = account.deps;
    const frozen = createKeepLease({
      ...account.deps,
      leases,
      policy: LEASE_POLICY,
      isAutomatic: true,
      settings: { ...settings, region: REGION },
      ledger: {
        ...ledger,
        loadCell: async () => {
          const cell = await account.cell();
          return { ok: true, value: { ...cell, epoch: 1, activeRegion: REGION } };
        },
      },
    });
    expect(await frozen({ remainingMs: () => 1 })).toMatchObject({ renewals: 0 });
    expect(await leases.load("main")).toEqual(taken);
  });

  it("does not make active what a person has halted meanwhile", async () => {
    const { account, keeperIn, run } = await openPair();
    const there = keeperIn(OTHER);
    await run(there);
    const change = { reason: "Not yet.", by: "alice", atMs: account.nowMs() };
    await updateCell(account.deps, await account.cell(), (cell) => haltTrading(cell, change));
    await run(there);
    expect((await account.cell()).tradingState).toMatchObject({ mode: "halted", by: "alice" });
  });
});
