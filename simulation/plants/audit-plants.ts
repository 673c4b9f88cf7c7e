import type { Plant } from "./plant.ts";

const HEAD = "shared/domain/audit/audit-head.ts";
const RECORD = "shared/use-cases/audit/record-audit.ts";
const SEAL = "shared/use-cases/audit/seal-orders.ts";

/** Mistakes in the audit's chain. */
export const AUDIT_PLANTS: readonly Plant[] = [
  {
    name: "record-leaves-before-locked",
    file: HEAD,
    find: "  const everywhere = numbers.length === 0 ? 0 : Math.min(...numbers);",
    replace: "  const everywhere = tail.at(-1)?.sequence ?? 0;",
    why: "The ledger drops records that no Region has locked yet, and they are gone.",
  },
  {
    name: "kept-by-one-taken-for-all",
    file: HEAD,
    find: "  const kept = { ...head.kept, [region]: sequence };",
    replace: "  const kept = { ...head.kept, [region]: sequence + 1 };",
    why: "A Region counts as having a record that it has not been given.",
  },
  {
    name: "audit-fence-not-checked",
    file: HEAD,
    find: '  if (epoch < headEpoch) return err({ type: "Fenced", epoch, headEpoch });\n',
    replace: "",
    why: "A Region that lost the account goes on recording behind the one that has it.",
  },
  {
    name: "recorded-twice-for-one-act",
    file: RECORD,
    find: "    const ours = written.find((record) => isIn(loaded.value, record));",
    replace: "    const ours = written.find((record) => isIn(undefined, record));",
    why: "A record whose answer was lost is written again, and tells of two acts.",
  },
  {
    name: "seal-skipped-in-flight",
    file: SEAL,
    find: "  const mayGrow = (id: string): boolean => windowed.has(id) || isInFlight(cell, id);",
    replace: "  const mayGrow = (id: string): boolean => windowed.has(id);",
    why: "What becomes of an order that works for longer than a quarter of an hour is never sealed.",
  },
  {
    name: "resumed-without-record",
    file: "shared/use-cases/resume-trading.ts",
    find: "  if (audit === undefined) return ok(undefined);",
    replace: "  if (audit !== undefined) return ok(undefined);",
    why: "Two people let trading go on, and nothing says who they were.",
  },
  {
    name: "restore-forgets-locked-records",
    file: "shared/use-cases/restore-ledger.ts",
    find: "    const audit = await rebuild?.();",
    replace: "    const audit = rebuild === undefined ? await rebuild : undefined;",
    why: "Behind a restore the chain begins again where the backup ends, over what is locked.",
  },
];
