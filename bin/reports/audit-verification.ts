import { createLockedFiles } from "../../shared/adapters/host/locked-files.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import { AuditVerificationBody } from "../../shared/adapters/holdfast-api/contract/audit.ts";
import { createStoredAuditRecords } from "../../shared/adapters/stored/audit-records.ts";
import { describeFlaw, withoutVoid } from "../../shared/domain/audit/audit-flaw.ts";
import { CHAIN_START } from "../../shared/domain/audit/audit-record.ts";
import type { WalkPosition } from "../../shared/domain/audit/verify-record.ts";
import { createVerifyAudit } from "../../shared/use-cases/audit/verify-audit.ts";
import { usageFault, VerbFault, type ExitCode, type VerbContext, type VerbInput } from "../verb.ts";
import { orFail, withApi } from "./with-api.ts";

/** A part of the chain as it was verified, wherever it lies. */
type Part = {
  readonly account: string;
  readonly position: WalkPosition;
  readonly isWhole: boolean;
  readonly checkpoints: number;
  readonly restores: readonly number[];
  readonly flaws: readonly {
    readonly type: string;
    readonly sequence: number;
    readonly sentence: string;
    readonly sealedAtMs?: unknown;
  }[];
};

/** Verifies the part behind a position. */
type VerifyPart = (from: WalkPosition) => Promise<Part>;

/** A page has 100 records or more: years of them. */
const PARTS_MAX = 100_000;

/** Verifies the whole chain: 0 where everything holds, else 1, with every flaw named. */
export const reportAuditVerification = async (
  input: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const from = readFrom(input);
  const files = input.options["files"]?.toString();
  if (files === undefined) {
    return withApi<ExitCode>(input, context, async (api) => {
      const verifyPart: VerifyPart = async ({ sequence, hash }) => {
        const query = `?from=${sequence}${hash === null || sequence === 0 ? "" : `&hash=${hash}`}`;
        return orFail(await api.read(`/api/audit/verification${query}`, AuditVerificationBody))
          .body;
      };
      return tell(await verifyAll(verifyPart, from, context), input, context);
    });
  }
  const store = createLockedFiles(files);
  const accounts = new Set(
    (await store.list("audit/", undefined, Infinity)).map((key) => key.split("/")[1] ?? ""),
  );
  const [account, ...others] = accounts;
  if (account === undefined) throw new VerbFault(`${files} holds no folder audit with records.`);
  if (others.length > 0) {
    throw new VerbFault(`${files} holds several accounts; point --files at a copy of one.`);
  }
  const records = createStoredAuditRecords({ account, own: store });
  const verify = createVerifyAudit({ records, digest: sha256, settings: { account } });
  const verifyPart: VerifyPart = async (start) => {
    const part = await verify(start, PART_OF_FILES);
    const flaws = part.flaws.map((flaw) => ({ ...flaw, sentence: describeFlaw(flaw) }));
    return { ...part, account, flaws };
  };
  return tell(await verifyAll(verifyPart, from, context), input, context);
};

const PART_OF_FILES = 1_000;

const readFrom = ({ options }: VerbInput): WalkPosition => {
  const from = options["from"]?.toString();
  if (from === undefined) return CHAIN_START;
  if (!/^[1-9]\d{0,11}$/.test(from)) throw usageFault("--from takes a record's number.");
  return { sequence: Number(from), hash: null };
};

type Whole = {
  readonly account: string;
  readonly from: number;
  readonly to: number;
  readonly hash: string | null;
  readonly checkpoints: number;
  readonly flaws: Part["flaws"];
};

const verifyAll = async (
  verifyPart: VerifyPart,
  from: WalkPosition,
  context: VerbContext,
): Promise<Whole> => {
  let flaws: Part["flaws"] = [];
  let checkpoints = 0;
  let position = from;
  for (let part = 0; part < PARTS_MAX; part++) {
    const verified = await verifyPart(position);
    // A part was verified without what comes after it: a later restore explains what it lost.
    for (const asOfMs of verified.restores) flaws = withoutVoid(flaws, asOfMs);
    flaws = [...flaws, ...verified.flaws];
    checkpoints += verified.checkpoints;
    ({ position } = verified);
    if (verified.isWhole || context.stopped.aborted) {
      const { account } = verified;
      const { sequence: to, hash } = position;
      return { account, from: from.sequence + 1, to, hash, checkpoints, flaws };
    }
  }
  throw new VerbFault("The chain is longer than can be verified at once; use --from.");
};

const tell = (whole: Whole, { isJson }: VerbInput, context: VerbContext): ExitCode => {
  const { account, from, to, hash, checkpoints, flaws } = whole;
  const isSound = flaws.length === 0;
  if (isJson) context.write(`${JSON.stringify({ ...whole, isSound })}\n`);
  else {
    for (const { sentence } of flaws) context.write(`${sentence}\n`);
    const what = to < from ? "No record" : `Records ${from} to ${to}`;
    const end = isSound ? "hold" : `have ${flaws.length} flaws`;
    context.write(
      `${what} of ${account} ${to < from ? "is there" : end}, and ${checkpoints} checkpoint${checkpoints === 1 ? " was" : "s were"} compared.\n` +
        `The last hash is ${hash ?? "not known"}.\n`,
    );
  }
  return isSound ? 0 : 1;
};
