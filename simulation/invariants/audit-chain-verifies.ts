import { createHash } from "node:crypto";
import { describeFlaw } from "../../shared/domain/audit/audit-flaw.ts";
import type { AuditHead } from "../../shared/domain/audit/audit-head.ts";
import type { AuditRecord } from "../../shared/domain/audit/audit-record.ts";
import { canonicalJson } from "../../shared/domain/canonical-json.ts";
import type { Observation } from "../observation.ts";
import { broken, type Finding, HOLDS, type Invariant, judgeBy } from "./invariant.ts";

type Of<Type extends Observation["type"]> = Extract<Observation, { readonly type: Type }>;

/** The chain as it was written, and what of it each Region has locked. */
type Chain = {
  /** By sequence, the hashes of all records that stand. */
  readonly hashes: Map<number, string>;
  /** By sequence, what any locked store has under it. */
  readonly locked: Map<number, string>;
  /** What one invocation recorded, so that nothing is there twice for one act. */
  readonly acts: Set<string>;
  last: { readonly sequence: number; readonly hash: string; readonly epoch: number };
};

const START = { sequence: 0, hash: "0".repeat(64), epoch: 0 } as const;

/**
 * (26) The audit's chain verifies. After every write of its end: each record follows the one before
 * it, is made of its content, and is there once for one act; the end never falls; no record leaves
 * the ledger before a Region has locked it, and no Region counts as having what is locked nowhere.
 * Nothing is locked but what the chain has. And wherever the whole is verified as people do it, in
 * the end and behind a restore, nothing is found.
 */
export const createAuditChainVerifies = (): Invariant => {
  const chain: Chain = { hashes: new Map(), locked: new Map(), acts: new Set(), last: START };
  const damaged = new Set<string>();
  return {
    name: "audit-chain-verifies",
    judge: judgeBy({
      historyDamaged: ({ clientOrderId }) => {
        damaged.add(clientOrderId);
        return HOLDS;
      },
      auditHeadWritten: (written) =>
        written.actor === undefined
          ? judgeSetBack(chain, written.after)
          : [
              ...judgeEnd(chain, written),
              ...judgeLeft(chain, written),
              ...judgeKept(chain, written),
            ],
      lockedKept: (kept) => judgeLocked(chain, kept),
      auditVerified: ({ headSequence, flaws }) => {
        const found = flaws.filter(
          (flaw) => flaw.type !== "historyDiffers" || !damaged.has(flaw.clientOrderId),
        );
        const isShort = headSequence > 0 && headSequence < chain.last.sequence;
        return [
          ...found.map((flaw) => ({ detail: `The audit does not verify: ${describeFlaw(flaw)}` })),
          ...(isShort ? [{ detail: `The audit ends with record ${headSequence}.` }] : []),
        ];
      },
    }),
  };
};

/** What stands behind the last record that was known has to follow it, link for link. */
const judgeEnd = (chain: Chain, { after, actor }: Of<"auditHeadWritten">): readonly Finding[] => {
  const findings: Finding[] = [];
  const end = after.tail.at(-1)?.sequence ?? 0;
  if (end < chain.last.sequence) {
    return broken(`The audit's end fell from record ${chain.last.sequence} to ${end}.`);
  }
  for (const record of after.tail) {
    const { sequence, hash } = record;
    const known = chain.hashes.get(sequence);
    if (known !== undefined && known !== hash) {
      findings.push({ detail: `Record ${sequence} of the audit is another one than before.` });
    }
    if (sequence <= chain.last.sequence) continue;
    findings.push(...judgeRecord(chain, record));
    const act = `${actor?.invocation} ${record.kind} ${canonicalJson(record.body)}`;
    if (chain.acts.has(act) && !BEFOREHAND.has(record.kind)) {
      findings.push({ detail: `Record ${sequence} tells of what one call has recorded before.` });
    }
    chain.acts.add(act);
    chain.hashes.set(sequence, hash);
    chain.last = record;
  }
  return findings;
};

/** Recorded before it is tried, and so once for each try. */
const BEFOREHAND: ReadonlySet<string> = new Set(["takeover-finished", "resume-approved"]);

const judgeRecord = ({ last }: Chain, record: AuditRecord): readonly Finding[] => {
  const { sequence, previousHash, epoch, hash } = record;
  if (sequence !== last.sequence + 1 || previousHash !== last.hash) {
    return broken(`Record ${sequence} of the audit does not follow record ${last.sequence}.`);
  }
  if (epoch < last.epoch) {
    return broken(`Record ${sequence} is of epoch ${epoch}, behind one of ${last.epoch}.`);
  }
  const { hash: _, ...content } = record;
  const made = createHash("sha256").update(canonicalJson(content)).digest("hex");
  return made === hash ? HOLDS : broken(`Record ${sequence} is not made of its content.`);
};

/** What is no longer in the ledger is locked somewhere. */
const judgeLeft = (
  { locked, hashes }: Chain,
  { before, after }: Of<"auditHeadWritten">,
): readonly Finding[] => {
  const first = after.tail[0]?.sequence ?? 0;
  return (before?.tail ?? []).flatMap(({ sequence }) =>
    sequence < first && locked.get(sequence) !== hashes.get(sequence)
      ? broken(`Record ${sequence} left the ledger, and no Region has it.`)
      : HOLDS,
  );
};

/** What counts as kept is locked. */
const judgeKept = (
  { locked }: Chain,
  { before, after }: Of<"auditHeadWritten">,
): readonly Finding[] =>
  Object.entries(after.kept).flatMap(([region, to]) => {
    const findings: Finding[] = [];
    for (let sequence = (before?.kept[region] ?? 0) + 1; sequence <= to; sequence++) {
      if (locked.has(sequence)) continue;
      findings.push({ detail: `${region} counts as having record ${sequence}, and has it not.` });
    }
    return findings;
  });

const judgeLocked = (chain: Chain, { key, sequence, body, region }: Of<"lockedKept">) => {
  const { hash, kind } = JSON.parse(body) as Pick<AuditRecord, "hash" | "kind">;
  // A restore locks its record before its table takes the lost one's place.
  if (kind === "restore" && key.includes("/records/") && !chain.locked.has(sequence)) {
    chain.hashes.set(sequence, hash);
  }
  if (key.includes("/records/")) chain.locked.set(sequence, hash);
  return chain.hashes.get(sequence) === hash
    ? HOLDS
    : broken(`${region} locked a record ${sequence} that is not the chain's.`);
};

/** What the lost ledger had and nobody had locked is gone; what is locked stands. */
const judgeSetBack = (chain: Chain, head: AuditHead): readonly Finding[] => {
  const locked = Math.max(0, ...chain.locked.keys());
  for (const sequence of chain.hashes.keys()) {
    if (sequence > locked) chain.hashes.delete(sequence);
  }
  const hash = chain.hashes.get(locked) ?? START.hash;
  const isRestore = head.tail.at(-1)?.kind === "restore";
  chain.last = { ...START, sequence: locked, hash };
  const findings: Finding[] = [];
  for (const record of head.tail) {
    const { sequence } = record;
    if (sequence <= locked && chain.hashes.get(sequence) !== record.hash) {
      findings.push({ detail: `A restore put another record under number ${sequence}.` });
    }
    if (sequence <= locked) continue;
    findings.push(...judgeRecord(chain, record));
    chain.hashes.set(record.sequence, record.hash);
    chain.last = record;
  }
  if (!isRestore) findings.push({ detail: "The ledger was restored, and no record says so." });
  return findings;
};
