import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import { createStoredAuditHeads } from "../../shared/adapters/stored/audit-heads.ts";
import { createStoredAuditRecords } from "../../shared/adapters/stored/audit-records.ts";
import type { ItemStore } from "../../shared/adapters/stored/item-store.ts";
import { lastOf, markKept } from "../../shared/domain/audit/audit-head.ts";
import { CHAIN_START, type AuditRecord } from "../../shared/domain/audit/audit-record.ts";
import { checkpointKey, recordKey } from "../../shared/domain/audit/checkpoint.ts";
import { err } from "../../shared/domain/result.ts";
import type { AuditHeads } from "../../shared/ports/audit-heads.ts";
import type { LockedStore } from "../../shared/ports/locked-store.ts";
import { createRecordAudit } from "../../shared/use-cases/audit/record-audit.ts";
import { createVerifyAudit } from "../../shared/use-cases/audit/verify-audit.ts";
import { createManualClock } from "./manual-clock.ts";

/** What an audit is kept in: the ledger's items, and a locked store for each of two Regions. */
export type AuditPlace = {
  readonly items: ItemStore;
  readonly east: LockedStore;
  readonly west: LockedStore;
  /** What nobody may do: puts another body under a key, or takes it away where it is undefined. */
  readonly tamper: (
    region: "east" | "west",
    key: string,
    body: string | undefined,
  ) => Promise<void>;
};

const START_MS = Date.UTC(2026, 0, 15, 15);
const REGIONS = ["east", "west"] as const;
type Region = (typeof REGIONS)[number];

/** What the audit does on every kind of store; each run has an account of its own. */
export const describeAudit = (
  name: string,
  createPlace: () => Promise<AuditPlace>,
  { runs }: { readonly runs: number },
): void => {
  let place: AuditPlace;
  let accounts = 0;
  beforeAll(async () => {
    place = await createPlace();
  });

  const open = (faults: () => "none" | "before" | "after" = () => "none") => {
    accounts += 1;
    const account = `a${accounts}`;
    const clock = createManualClock(START_MS);
    const heads = faultyHeads(createStoredAuditHeads(place.items), faults);
    const trails = Object.fromEntries(
      REGIONS.map((region) => [
        region,
        createRecordAudit({
          heads,
          clock,
          digest: sha256,
          pause: { wait: async () => {} },
          random: { next: () => 0 },
          settings: { account, region },
        }),
      ]),
    );
    const recordsOf = (region: Region) => {
      const [own, copies] = region === "east" ? [place.east, place.west] : [place.west, place.east];
      return createStoredAuditRecords({ account, own, copies });
    };
    return {
      account,
      heads,
      recordsOf,
      record: (region: Region, about: string, epoch: number | null = 1) =>
        trails[region]!.record({ kind: "halt", actor: "ada", epoch, body: { about } }),
      /** What the keeper does each minute, without sealing. */
      keep: async (region: Region) => {
        const head = await heads.load(account);
        if (!head.ok || head.value === undefined) return;
        const records = recordsOf(region);
        for (const record of head.value.tail)
          expect((await records.keep(record)).type).toBe("kept");
        const marked = markKept(head.value, region, lastOf(head.value).sequence);
        if (marked !== undefined) await heads.save(marked, head.value);
      },
      verify: (from = CHAIN_START, limit = 1_000) =>
        createVerifyAudit({
          heads: createStoredAuditHeads(place.items),
          records: recordsOf("east"),
          digest: sha256,
          settings: { account },
        })(from, limit),
    };
  };
  const plan = fc.array(fc.constantFrom("east", "west", "keep east", "keep west", "both"), {
    maxLength: 14,
  });

  describe(name, () => {
    it("links what both Regions record, in turn or at once, and keeps every record", async () => {
      await fc.assert(
        fc.asyncProperty(plan, async (steps) => {
          const audit = open();
          const told: AuditRecord[] = [];
          const add = async (region: Region, about: string): Promise<void> => {
            const recorded = await audit.record(region, about);
            if (recorded.ok) told.push(recorded.value);
            else expect(recorded.error).toBe("recorded");
          };
          for (const [index, step] of steps.entries()) {
            if (step === "keep east") await audit.keep("east");
            else if (step === "keep west") await audit.keep("west");
            else if (step === "both") {
              await Promise.all(REGIONS.map((region) => add(region, `${index} ${region}`)));
            } else await add(step, `${index}`);
          }
          const verified = await audit.verify();
          expect(verified.flaws).toEqual([]);
          expect(verified.position.sequence).toBe(told.length);
          expect(verified.headSequence).toBe(told.length);
          const numbers = told.map(({ sequence }) => sequence).toSorted((a, b) => a - b);
          expect(numbers).toEqual(told.map((_, index) => index + 1));
        }),
        { numRuns: runs },
      );
    });

    it("has each record once, whatever answers of the ledger are lost", async () => {
      const faults = fc.array(fc.constantFrom("none", "before", "after"), { maxLength: 20 });
      await fc.assert(
        fc.asyncProperty(faults, fc.integer({ min: 1, max: 5 }), async (lost, count) => {
          const left = [...lost];
          const audit = open(() => left.shift() ?? "none");
          const abouts: string[] = [];
          for (let index = 0; index < count; index++) {
            const recorded = await audit.record(index % 2 === 0 ? "east" : "west", `${index}`);
            if (recorded.ok) abouts.push(`${index}`);
          }
          const { headSequence, flaws } = await audit.verify();
          expect(flaws).toEqual([]);
          const head = await createStoredAuditHeads(place.items).load(audit.account);
          const stored = head.ok ? (head.value?.tail ?? []).map(aboutOf) : [];
          // One that was given up may be there, once; one that was told is there, once.
          expect(new Set(stored).size).toBe(stored.length);
          expect(stored.filter((about) => abouts.includes(about))).toEqual(abouts);
          expect(headSequence).toBe(stored.length);
        }),
        { numRuns: runs },
      );
    });

    it("loses nothing where the writer dies before any store has its record", async () => {
      const audit = open();
      for (const about of ["first", "second", "third"]) await audit.record("east", about);
      // East is gone for good; nothing of it was ever put into a store.
      await audit.keep("west");
      expect(await audit.recordsOf("west").numbersAfter(0)).toEqual([1, 2, 3]);
      await audit.record("west", "fourth", 2);
      await audit.keep("west");
      expect(await audit.verify()).toMatchObject({ headSequence: 4, flaws: [] });
    });

    it("takes nothing under an epoch that is over, and facts of no epoch under the newest", async () => {
      const audit = open();
      await audit.record("east", "before", 4);
      await audit.record("west", "takeover", 5);
      const zombie = await audit.record("east", "zombie", 4);
      expect(zombie.ok ? "recorded" : zombie.error.detail).toMatch(/Epoch 4 is over/);
      const fact = await audit.record("east", "fact", null);
      expect(fact.ok && fact.value.epoch).toBe(5);
      expect(await audit.verify()).toMatchObject({ headSequence: 3, flaws: [] });
    });

    it("verifies part by part as it does at once", async () => {
      const audit = open();
      for (let index = 0; index < 7; index++) await audit.record("east", `${index}`);
      await audit.keep("east");
      const first = await audit.verify(CHAIN_START, 3);
      expect(first).toMatchObject({ isWhole: false, flaws: [], position: { sequence: 3 } });
      const { hash } = first.position;
      const second = await audit.verify({ sequence: 3, hash: hash ?? "" }, 100);
      expect(second).toMatchObject({ isWhole: true, flaws: [], position: { sequence: 7 } });
    });

    it("names exactly what was changed, removed, exchanged, forked or set back", async () => {
      const audit = open();
      for (let index = 0; index < 9; index++) {
        await audit.record("east", `${index}`);
        await audit.keep("east");
      }
      await audit.keep("west");
      const { account } = audit;
      const texts = await Promise.all(
        [1, 2, 3, 4].map((number) => place.east.read(recordKey(account, number))),
      );
      const [one = "", two = "", three = ""] = texts;
      const flawsOf = async () =>
        (await audit.verify()).flaws.map(({ type, sequence }) => `${type} ${sequence}`);
      expect(await flawsOf()).toEqual([]);

      await place.tamper("east", recordKey(account, 2), two.replace('"1"', '"x"'));
      expect(await flawsOf()).toEqual(["changed 2"]);
      await place.tamper("east", recordKey(account, 2), three);
      expect(await flawsOf()).toContain("misplaced 2");
      await place.tamper("east", recordKey(account, 2), "{");
      expect(await flawsOf()).toEqual(["unreadable 2"]);
      await place.tamper("east", recordKey(account, 2), undefined);
      expect(await flawsOf()).toEqual(["missing 2"]);
      await place.tamper("east", recordKey(account, 2), two);

      // Whoever makes hashes anew from one record on cannot make the next one name it.
      await place.tamper("east", recordKey(account, 1), forge(one));
      expect(await flawsOf()).toEqual(["unlinked 2"]);
      await place.tamper("west", recordKey(account, 1), one);
      expect(await flawsOf()).toEqual(["forked 1", "unlinked 2"]);
      await place.tamper("east", recordKey(account, 1), one);
      await place.tamper("west", recordKey(account, 1), undefined);
      expect(await flawsOf()).toEqual([]);

      const last = (await place.east.read(recordKey(account, 9))) ?? "";
      await place.tamper("east", recordKey(account, 9), last.replace('"8"', '"x"'));
      expect(await flawsOf()).toEqual(["changed 9"]);
      // West has it too, and so has the ledger's head.
      await place.tamper("east", recordKey(account, 9), forge(last));
      expect(await flawsOf()).toEqual(["forked 9", "headDiffers 9"]);
      await place.tamper("east", recordKey(account, 9), last);

      await audit.recordsOf("east").keepCheckpoint({
        schemaVersion: 1,
        account,
        sequence: 5,
        hash: "f".repeat(64),
        atMs: START_MS,
        region: "east",
      });
      expect(await flawsOf()).toEqual(["checkpointDiffers 5"]);
      await place.tamper("east", checkpointKey(account, "east", 5), undefined);

      const before = await audit.heads.load(account);
      for (const about of ["later", "last"]) await audit.record("east", about);
      await audit.keep("east");
      if (before.ok && before.value !== undefined) await audit.heads.replace(before.value);
      expect(await flawsOf()).toEqual(["headBehind 9"]);
    });
  });
};

const aboutOf = ({ body: { about } }: AuditRecord): string =>
  typeof about === "string" ? about : "";

/** The record of somebody else, whose hash is made anew. */
const forge = (text: string): string => {
  const { hash, ...unsealed } = { ...(JSON.parse(text) as AuditRecord), actor: "eve" };
  expect(hash).toHaveLength(64);
  return canonical({ ...unsealed, hash: sha256(canonical(unsealed)) });
};

/** The same text by other means than the product's: keys sorted, no spaces. */
const canonical = (value: unknown): string => {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(",")}}`;
};

/** Heads that lose a write before it is stored, or its answer after. */
const faultyHeads = (heads: AuditHeads, next: () => "none" | "before" | "after"): AuditHeads => ({
  ...heads,
  save: async (head, before) => {
    const fault = next();
    const unavailable = err({ type: "LedgerUnavailable", detail: "It did not answer." } as const);
    if (fault === "before") return unavailable;
    const saved = await heads.save(head, before);
    return fault === "after" ? unavailable : saved;
  },
});
