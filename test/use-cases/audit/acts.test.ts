import { describe, expect, it } from "vitest";
import { sha256 } from "../../../shared/adapters/host/digest.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";
import { err } from "../../../shared/domain/result.ts";
import type { AuditTrail } from "../../../shared/ports/audit-trail.ts";
import { createFinishTakeover } from "../../../shared/use-cases/finish-takeover.ts";
import { createHaltTrading } from "../../../shared/use-cases/halt-trading.ts";
import { createResumeTrading } from "../../../shared/use-cases/resume-trading.ts";
import { createTakeOver } from "../../../shared/use-cases/take-over.ts";
import { openAccount } from "../trading-account.ts";
import { auditOf } from "./audited.ts";

const SOON = { remainingMs: () => 10_000 };
const REFUSING: AuditTrail = {
  record: async () => err({ type: "NotRecorded", detail: "No store takes it." }),
};

const open = async (trail?: AuditTrail) => {
  const account = await openAccount();
  const audit = auditOf(account);
  const deps = { ...account.deps, digest: sha256, audit: trail ?? audit.trail };
  const resume = createResumeTrading(deps);
  const inWest = { ...deps, settings: { ...deps.settings, region: "us-west-2" } };
  return {
    account,
    audit,
    halt: createHaltTrading(deps),
    resume,
    /** Two principals, one after the other. */
    approve: async () => {
      const asked = await resume.request("ada");
      if (!asked.ok) throw new Error(asked.error.detail);
      return resume.approve({ by: "bob", snapshotHash: asked.value.request.snapshotHash });
    },
    takeOver: createTakeOver(inWest),
    finish: createFinishTakeover(inWest),
    kinds: async () => {
      await audit.keep();
      return (await audit.chain()).map(({ kind, actor }) => `${kind} by ${actor}`);
    },
  };
};

describe("what loosens", () => {
  it("is recorded with both principals before trading goes on", async () => {
    const { halt, approve, kinds } = await open();
    await halt({ reason: "Lunch.", by: "ada" }, SOON);
    expect((await approve()).ok).toBe(true);
    expect((await kinds()).slice(0, 3)).toEqual([
      "halt by ada",
      "resume-requested by ada",
      "resume-approved by bob",
    ]);
  });

  it("does not happen while it cannot be recorded, neither resuming nor ending a takeover", async () => {
    const { account, approve, halt } = await open(REFUSING);
    await halt({ reason: "Lunch.", by: "ada" }, SOON);
    expect(await approve()).toMatchObject({ ok: false, error: { type: "Unavailable" } });
    expect((await account.cell()).tradingState.mode).toBe("halted");

    const other = await open(REFUSING);
    const taken = await other.takeOver({ reason: "It is dead.", by: "keep-lease", epoch: 1 });
    expect(taken.ok).toBe(true);
    await expect(other.finish()).rejects.toThrow("No store takes it.");
    expect((await other.account.cell()).tradingState.mode).toBe("reducing");
  });

  it("is told of who halts what another has halted already", async () => {
    const { halt, kinds } = await open();
    await halt({ reason: "Lunch.", by: "ada" }, SOON);
    await halt({ reason: "Doubts.", by: "bob" }, SOON);
    expect((await kinds()).slice(0, 2)).toEqual(["halt by ada", "halt by bob"]);
  });

  it("is not recorded where it is refused anyway", async () => {
    const { halt, resume, kinds } = await open();
    await halt({ reason: "Lunch.", by: "ada" }, SOON);
    const asked = await resume.request("ada");
    const snapshotHash = asked.ok ? asked.value.request.snapshotHash : "";
    expect((await resume.approve({ by: "ada", snapshotHash })).ok).toBe(false);
    expect(await kinds()).not.toContainEqual(expect.stringMatching(/^resume-approved/));
  });
});

describe("what reduces risk", () => {
  it("happens without its record, and people are told what is missing", async () => {
    const { account, halt, takeOver } = await open(REFUSING);
    expect((await halt({ reason: "Now.", by: "ada" }, SOON)).ok).toBe(true);
    expect((await account.cell()).tradingState.mode).toBe("halted");
    expect((await takeOver({ reason: "It is dead.", by: "ada", epoch: 1 })).ok).toBe(true);
    const missed = account.alerts.filter(({ key }) => key.startsWith("audit-missed-main"));
    expect(missed.map(({ key }) => key)).toEqual([
      "audit-missed-main-halt",
      "audit-missed-main-takeover",
    ]);
  });

  it("is recorded by the keeper later, from what the cell says", async () => {
    const { audit, halt, kinds } = await open(REFUSING);
    await halt({ reason: "Now.", by: "ada" }, SOON);
    expect(await kinds()).toEqual(["state by keep-audit"]);
    expect((await audit.chain())[0]?.body).toMatchObject({ mode: "halted", by: "ada" });
  });

  it("is one chain with the other Region's takeover", async () => {
    const { audit, takeOver, finish, halt } = await open();
    await halt({ reason: "Now.", by: "ada" }, SOON);
    await takeOver({ reason: "It is dead.", by: "keep-lease", epoch: 1 });
    await finish();
    await audit.passive.keep();
    const chain = await audit.chain();
    expect(chain.map(({ kind, epoch }) => `${kind} ${epoch}`).slice(0, 2)).toEqual([
      "halt 1",
      "takeover 2",
    ]);
    expect(await audit.verify()).toMatchObject({ flaws: [] });
  });
});

describe("the end of a takeover", () => {
  it("is one record, though its write did not hold and the next round of the run ends it", async () => {
    const { account, audit, takeOver, kinds } = await open();
    const wish = { by: "ada", reason: "The other one is silent.", epoch: 1 };
    expect((await takeOver(wish)).ok).toBe(true);
    const { ledger } = account.deps;
    let failures = 1;
    const saveCell: typeof ledger.saveCell = async (next, expected) => {
      if (next.tradingState.mode !== "active" || failures === 0) {
        return ledger.saveCell(next, expected);
      }
      failures -= 1;
      return err({ type: "LedgerUnavailable", detail: "timeout" });
    };
    const finish = createFinishTakeover({
      ...account.deps,
      ledger: { ...ledger, saveCell },
      audit: audit.trail,
      settings: { ...account.deps.settings, region: "us-west-2" },
    });
    await expect(finish()).rejects.toThrow(RetryableError);
    expect(await finish()).toMatchObject({ state: "active" });
    const ends = (await kinds()).filter((kind) => kind.startsWith("takeover-finished"));
    expect(ends).toHaveLength(1);
  });
});
