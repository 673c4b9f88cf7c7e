import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BackupLink, sealLink } from "../../../shared/domain/backup/backup-link.ts";
import { checkChain, linksUntil } from "../../../shared/domain/backup/check-chain.ts";
import {
  type BackupPolicy,
  DYNAMODB_POLICY,
  OWN_STORE_POLICY,
  planBackup,
} from "../../../shared/domain/backup/plan-backup.ts";

const HOUR_MS = 3_600_000;
const START_MS = 1_773_151_200_000;
const digest = (text: string): string => `${text.length}:${text.slice(-40)}`;

/** The chain that comes of looking at these moments, each export done at once. */
const chainOf = (
  policy: BackupPolicy,
  looks: readonly { readonly atMs: number; readonly isAsked: boolean; readonly tableId: string }[],
): readonly BackupLink[] => {
  const links: BackupLink[] = [];
  for (const { atMs, isAsked, tableId } of looks) {
    const last = links.at(-1);
    const lastFull = links.findLast(({ kind }) => kind === "full");
    const end = last === undefined || lastFull === undefined ? undefined : { last, lastFull };
    const plan = planBackup(end, tableId, { nowMs: atMs, policy, isAsked });
    if (plan.type === "wait") continue;
    const { kind, fromMs, toMs } = plan;
    links.push(
      sealLink(
        {
          version: 1,
          table: "ledger",
          tableId,
          number: links.length + 1,
          kind,
          fromMs,
          toMs,
          exportId: "x",
          manifestKey: "x",
          summaryDigest: "x",
          filesDigest: "x",
          itemCount: 0,
          previousDigest: last?.digest ?? null,
        },
        digest,
      ),
    );
  }
  return links;
};

const looks = fc
  .array(
    fc.record({
      afterMs: fc.oneof(fc.nat(60_000), fc.nat(2 * HOUR_MS), fc.nat(30 * HOUR_MS)),
      isAsked: fc.boolean(),
      isNewTable: fc.nat(20).map((die) => die === 0),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let [atMs, table] = [START_MS, 0];
    return steps.map(({ afterMs, isAsked, isNewTable }) => {
      atMs += afterMs;
      if (isNewTable) table += 1;
      return { atMs, isAsked, tableId: `t${table}` };
    });
  });

describe.each([
  ["DynamoDB", DYNAMODB_POLICY],
  ["a store of our own", OWN_STORE_POLICY],
] as const)("exports of %s", (_name, policy) => {
  it("follow one another without a gap, whenever somebody looks", () => {
    fc.assert(
      fc.property(looks, (moments) => {
        const links = chainOf(policy, moments);
        expect(checkChain(links, digest)).toEqual({ ok: true, value: links });
        for (const { kind, fromMs, toMs, tableId } of links) {
          if (kind === "full") continue;
          expect(toMs - fromMs).toBeGreaterThanOrEqual(policy.windowMinMs);
          expect(toMs - fromMs).toBeLessThanOrEqual(policy.windowMaxMs);
          // What is new of another table is not all that is in it.
          const before = links[links.findIndex((link) => link.toMs === toMs) - 1];
          if (before?.toMs === fromMs) expect(before.tableId).toBe(tableId);
        }
      }),
    );
  });

  it("rebuild any moment from one full export and what follows it", () => {
    fc.assert(
      fc.property(looks, fc.nat(80 * HOUR_MS), (moments, afterMs) => {
        const until = linksUntil(chainOf(policy, moments), START_MS + afterMs);
        if (!until.ok) return;
        const [first, ...rest] = until.value;
        expect(first?.kind).toBe("full");
        expect(rest.every(({ kind }) => kind === "incremental")).toBe(true);
        expect(until.value.every(({ toMs }) => toMs <= START_MS + afterMs)).toBe(true);
      }),
    );
  });
});

/** What is decided of an empty chain at a moment. */
const firstPlan = (nowMs: number) =>
  planBackup(undefined, "t", { nowMs, policy: DYNAMODB_POLICY, isAsked: false });

describe("an export that takes its time", () => {
  it("is decided for again and again, and is the same one", () => {
    const nowMs = START_MS + HOUR_MS / 2;
    expect(firstPlan(nowMs)).toEqual(firstPlan(nowMs + 10 * 60_000));
  });
});
