/** One thing that does not hold, named exactly. */
export type AuditFlaw =
  /** No store has the record, though the chain goes on behind it. */
  | { readonly type: "missing"; readonly sequence: number }
  | { readonly type: "unreadable"; readonly sequence: number; readonly detail: string }
  /** What it says is not what its hash was made of. */
  | Differs<"changed">
  /** It names another record before it than the one that stands there. */
  | Differs<"unlinked">
  /** Under its key stands a record of another place in the chain. */
  | Differs<"misplaced">
  /** Two stores have different records under one number. */
  | Differs<"forked">
  /** The end of the chain in the ledger is not what the store has. */
  | Differs<"headDiffers">
  /** The store has records that the ledger's head does not know: the head was set back. */
  | { readonly type: "headBehind"; readonly sequence: number; readonly storedTo: number }
  | { readonly type: "headUnreadable"; readonly sequence: number; readonly detail: string }
  | Differs<"checkpointDiffers">
  /** An order's history in the ledger is not the one that was sealed. */
  | (Differs<"historyDiffers"> & {
      readonly clientOrderId: string;
      /** When the record says that it was sealed, epoch milliseconds. */
      readonly sealedAtMs: number;
    });

type Differs<Type extends string> = {
  readonly type: Type;
  readonly sequence: number;
  readonly expected: string;
  readonly actual: string;
};

/**
 * The flaws without those that a restore explains: up to `asOfMs` the ledger is what it was, and
 * what was sealed from then on was lost by the restore, of which its own record is the proof.
 */
export const withoutVoid = <Flaw extends { readonly type: string; readonly sealedAtMs?: unknown }>(
  flaws: readonly Flaw[],
  asOfMs: number,
): readonly Flaw[] =>
  flaws.filter(
    ({ type, sealedAtMs }) =>
      type !== "historyDiffers" || typeof sealedAtMs !== "number" || sealedAtMs < asOfMs,
  );

/** The flaw in one sentence. */
export const describeFlaw = (flaw: AuditFlaw): string => {
  const { sequence } = flaw;
  switch (flaw.type) {
    case "missing":
      return `Record ${sequence} is missing.`;
    case "unreadable":
      return `Record ${sequence} cannot be read: ${flaw.detail}`;
    case "changed":
      return `Record ${sequence} was changed: its content gives ${flaw.expected}, it says ${flaw.actual}.`;
    case "unlinked":
      return `Record ${sequence} follows ${flaw.actual}, but ${flaw.expected} stands before it.`;
    case "misplaced":
      return `Where record ${flaw.expected} belongs stands ${flaw.actual}.`;
    case "forked":
      return `Record ${sequence} exists twice: ${flaw.expected} here and ${flaw.actual} elsewhere.`;
    case "headDiffers":
      return `The ledger ends record ${sequence} with ${flaw.expected}, the store has ${flaw.actual}.`;
    case "headBehind":
      return `The ledger's head is record ${sequence}, but the store goes on to ${flaw.storedTo}.`;
    case "headUnreadable":
      return `The ledger's head cannot be read: ${flaw.detail}`;
    case "checkpointDiffers":
      return `A checkpoint says ${flaw.expected} of record ${sequence}, the store has ${flaw.actual}.`;
    case "historyDiffers":
      return (
        `The history of ${flaw.clientOrderId} is not what record ${sequence} sealed: ` +
        `it was ${flaw.expected}, it is ${flaw.actual}.`
      );
  }
};
