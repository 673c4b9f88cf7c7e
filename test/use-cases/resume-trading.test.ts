import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { intentOf } from "../fixtures/orders.ts";
import { openOperated, type Operated } from "./operator.ts";

const openHalted = async (): Promise<Operated> => {
  const account = await openOperated();
  await account.reconcile();
  await account.halt({ reason: "A test.", by: "alice" }, account.within(29_000));
  return account;
};

const requestOf = async (account: Operated, by = "alice") => {
  const asked = await account.resume.request(by);
  if (!asked.ok) throw new Error(asked.error.detail);
  return asked.value;
};

describe("resuming", () => {
  it("happens only by two principals, within 15 minutes, about the same snapshot", async () => {
    const cases = fc.record({
      asks: fc.constantFrom("alice", "bob"),
      approves: fc.constantFrom("alice", "bob"),
      waitMs: fc.integer({ min: 0, max: 30 * 60_000 }),
      isSameHash: fc.boolean(),
      isChangedMeanwhile: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const account = await openHalted();
        const { request } = await requestOf(account, one.asks);
        account.advance(one.waitMs);
        if (one.isChangedMeanwhile) {
          await account.flatten(
            { reason: "Close.", by: "carol", suspendAtBroker: false },
            account.within(29_000),
          );
        }
        const snapshotHash = one.isSameHash ? request.snapshotHash : "0".repeat(64);
        const answer = await account.resume.approve({ by: one.approves, snapshotHash });
        const isRight =
          one.asks !== one.approves &&
          one.waitMs <= 15 * 60_000 &&
          one.isSameHash &&
          !one.isChangedMeanwhile;
        expect(answer.ok).toBe(isRight);
        expect((await account.cell()).tradingState.mode === "active").toBe(isRight);
        if (!answer.ok) expect(answer.error.detail).toMatch(/^[A-Z].+\.$/);
      }),
      { numRuns: 60 },
    );
  });

  it("says what is approved, tells people, and lets entries go again", async () => {
    const account = await openHalted();
    const { request, snapshot, expiresAtMs } = await requestOf(account);
    expect(expiresAtMs).toBe(account.nowMs() + 15 * 60_000);
    const approval = { by: "bob", snapshotHash: request.snapshotHash };
    expect(await account.resume.approve(approval)).toMatchObject({
      ok: true,
      value: {
        snapshot,
        tradingState: { reason: "Resumed: asked for by alice, approved by bob." },
      },
    });
    const resolved = account.alerts.filter(({ action }) => action === "resolve");
    expect(new Set(resolved.map(({ key }) => key))).toEqual(
      new Set(["trading-halted-main", "trading-reducing-main", "position-unprotected-main"]),
    );
    const sent = await account.execute(intentOf(), { remainingMs: () => 10_000 });
    expect(sent).toMatchObject({ type: "acknowledged" });
  });

  it("defect 5: is refused while the broker cannot be compared with the ledger", async () => {
    const account = await openHalted();
    const { request } = await requestOf(account);
    account.setBrokerDown(true);
    const approval = { by: "bob", snapshotHash: request.snapshotHash };
    expect(await account.resume.approve(approval)).toMatchObject({
      ok: false,
      error: { type: "Refused", detail: expect.stringContaining("did not answer") },
    });
    expect((await account.cell()).tradingState.mode).toBe("halted");
  });

  it.each([
    ["an active account", async () => openOperated()],
    ["an account that nobody asked for", openHalted],
  ])("is refused for %s", async (_name, open) => {
    const account = await open();
    const approval = { by: "bob", snapshotHash: "0".repeat(64) };
    expect(await account.resume.approve(approval)).toMatchObject({ error: { type: "Refused" } });
  });

  it("is asked for in vain while trading is active", async () => {
    const account = await openOperated();
    expect(await account.resume.request("alice")).toEqual({
      ok: false,
      error: { type: "Refused", detail: "Trading is active already." },
    });
  });
});
