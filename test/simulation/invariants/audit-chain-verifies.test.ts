import { describe, expect, it } from "vitest";
import type { AuditHead } from "../../../shared/domain/audit/audit-head.ts";
import { createAuditChainVerifies } from "../../../simulation/invariants/audit-chain-verifies.ts";
import { append, entryOf, keptIn, locked, wroteHead } from "./audit-stage.ts";
import { by, createStage, judge, type Told } from "./stage.ts";

const verdicts = (...told: readonly Told[]): readonly string[] =>
  judge(createAuditChainVerifies(), createStage(), told).map(({ detail }) => detail);

const first = append(undefined, entryOf());
const second = append(first, entryOf({ kind: "flatten" }));

const withLast = (head: AuditHead, change: object): AuditHead => ({
  ...head,
  tail: head.tail.map((record, index) =>
    index === head.tail.length - 1 ? { ...record, ...change } : record,
  ),
});

describe("the audit's chain verifies", () => {
  it("holds while records follow each other, are locked, and count as kept then", () => {
    const kept = keptIn(second);
    expect(
      verdicts(
        wroteHead(undefined, first),
        locked(first),
        wroteHead(first, second, by("keep-audit", undefined, 2)),
        locked(second),
        wroteHead(second, kept),
        { type: "auditVerified", headSequence: 2, flaws: [] },
      ),
    ).toEqual([]);
  });

  it("is broken by an end that falls, and by a record that does not follow", () => {
    expect(verdicts(wroteHead(undefined, second), wroteHead(second, first))).toHaveLength(1);
    expect(verdicts(wroteHead(undefined, withLast(first, { sequence: 2 })))).toHaveLength(1);
    expect(verdicts(wroteHead(undefined, withLast(first, { body: {} })))).toHaveLength(1);
  });

  it("is broken by a record of an older epoch, and by one act that is told twice", () => {
    const newer = append(undefined, entryOf({ epoch: 3 }));
    const older = withLast(append(newer, entryOf({ kind: "flatten", epoch: 3 })), { epoch: 1 });
    expect(verdicts(wroteHead(undefined, newer), wroteHead(newer, older))).not.toEqual([]);
    const twice = append(first, entryOf());
    expect(verdicts(wroteHead(undefined, first), wroteHead(first, twice))).toHaveLength(1);
    const another = wroteHead(first, twice, by("keep-audit", undefined, 2));
    expect(verdicts(wroteHead(undefined, first), another)).toEqual([]);
  });

  it("is broken by what leaves the ledger or counts as kept without being locked", () => {
    const without = { ...second, version: 3, tail: second.tail.slice(1) };
    const both = [wroteHead(undefined, first), wroteHead(first, second)];
    expect(verdicts(...both, wroteHead(second, without))).toHaveLength(1);
    expect(verdicts(...both, wroteHead(second, keptIn(second)))).toHaveLength(2);
  });

  it("is broken by a locked record that the chain has not, and by what verifying finds", () => {
    expect(verdicts(locked(first))).toHaveLength(1);
    const flaw = { type: "missing", sequence: 1 } as const;
    expect(verdicts({ type: "auditVerified", headSequence: 1, flaws: [flaw] })).toHaveLength(1);
  });

  it("goes on from what is locked behind a restore, which says so itself", () => {
    const restored = append(first, entryOf({ kind: "restore", actor: "operator" }));
    const lost = [wroteHead(undefined, first), locked(first), wroteHead(first, second)];
    expect(verdicts(...lost, wroteHead(second, restored, "nobody"))).toEqual([]);
    expect(verdicts(...lost, wroteHead(second, first, "nobody"))).toHaveLength(1);
    const again = append(undefined, entryOf({ kind: "restore", actor: "operator" }));
    expect(verdicts(...lost, wroteHead(second, again, "nobody"))).not.toEqual([]);
  });
});
