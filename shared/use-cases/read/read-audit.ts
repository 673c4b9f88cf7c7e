import { type AuditFlaw, describeFlaw } from "../../domain/audit/audit-flaw.ts";
import { lastOf } from "../../domain/audit/audit-head.ts";
import type { AuditRecord } from "../../domain/audit/audit-record.ts";
import type { WalkPosition } from "../../domain/audit/verify-record.ts";
import { RetryableError } from "../../domain/fault.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Auditing } from "../../ports/auditing.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Settings } from "../../domain/settings.ts";
import { createVerifyAudit, type AuditVerified } from "../audit/verify-audit.ts";
import type { ControlRefusal } from "../control-refusal.ts";

/** What reading the audit needs. */
export type ReadAuditDeps = {
  /** Absent where nothing is audited. */
  readonly auditing?: Auditing | undefined;
  readonly clock: Clock;
  /** SHA-256 of text, in hexadecimal. */
  readonly digest: (text: string) => string;
  readonly settings: Pick<Settings, "account">;
};

/** The newest records up to one, newest first. */
type AuditView = {
  readonly atMs: number;
  readonly account: string;
  /** The number of the newest record; 0 where nothing was ever recorded. */
  readonly headSequence: number;
  readonly records: readonly AuditRecord[];
};

/** A part of the chain, verified, with each flaw in one sentence. */
type VerificationView = Omit<AuditVerified, "flaws"> & {
  readonly atMs: number;
  readonly account: string;
  readonly flaws: readonly (AuditFlaw & { readonly sentence: string })[];
};

const RECORDS_MAX = 100;
const NOTHING = "Nothing is audited here.";

/** Reads the records up to `before` (exclusive), newest first: the newest where it is left out. */
export const createReadAudit =
  ({ auditing, clock, settings }: ReadAuditDeps) =>
  async (before: string | undefined): Promise<Result<AuditView, ControlRefusal>> => {
    if (auditing === undefined) return err({ type: "Refused", detail: NOTHING });
    const end = readNumber(before, Number.MAX_SAFE_INTEGER);
    if (end === undefined) return err(invalid("before"));
    return orUnavailable(async () => {
      const loaded = await auditing.heads.load(settings.account);
      if (!loaded.ok) return err({ type: "Unavailable", detail: loaded.error.detail });
      const head = loaded.value;
      const headSequence = head === undefined ? 0 : lastOf(head).sequence;
      const newest = Math.min(headSequence, end - 1);
      const oldest = Math.max(1, newest - RECORDS_MAX + 1);
      const count = Math.max(0, newest - oldest + 1);
      const numbers = Array.from({ length: count }, (_, index) => newest - index);
      const records = await Promise.all(
        numbers.map(async (number) => {
          const inTail = head?.tail.find(({ sequence }) => sequence === number);
          if (inTail !== undefined) return inTail;
          const read = (await auditing.records.read(number)).find((one) => one.ok);
          return read?.ok === true ? read.value : undefined;
        }),
      );
      const { account } = settings;
      // What is missing or cannot be read is named by verifying, not left blank here.
      const found = records.filter((record) => record !== undefined);
      return ok({ atMs: clock.nowMs(), account, headSequence, records: found });
    });
  };

/** Verifies at most 100 records behind `from`, whose hash is `hash`; from the beginning without. */
export const createVerifySpan =
  ({ auditing, clock, digest, settings }: ReadAuditDeps) =>
  async (query: {
    readonly from?: string | undefined;
    readonly hash?: string | undefined;
  }): Promise<Result<VerificationView, ControlRefusal>> => {
    if (auditing === undefined) return err({ type: "Refused", detail: NOTHING });
    const start = readStart(query);
    if (start === undefined) return err(invalid("from and hash"));
    return orUnavailable(async () => {
      const verify = createVerifyAudit({ ...auditing, digest, settings });
      const verified = await verify(start, RECORDS_MAX);
      const flaws = verified.flaws.map((flaw) => ({ ...flaw, sentence: describeFlaw(flaw) }));
      return ok({ ...verified, flaws, atMs: clock.nowMs(), account: settings.account });
    });
  };

const readNumber = (text: string | undefined, absent: number): number | undefined => {
  if (text === undefined) return absent;
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined;
};

/** Without a hash the link of the first record is taken as given. */
const readStart = ({
  from,
  hash,
}: {
  readonly from?: string | undefined;
  readonly hash?: string | undefined;
}): WalkPosition | undefined => {
  const sequence = readNumber(from, 0);
  if (sequence === undefined) return undefined;
  if (sequence === 0) return { sequence, hash: "0".repeat(64) };
  if (hash === undefined) return { sequence, hash: null };
  return /^[0-9a-f]{64}$/.test(hash) ? { sequence, hash } : undefined;
};

const invalid = (what: string): ControlRefusal => ({
  type: "InvalidRequest",
  detail: `${what} must be a record's number, and its hash.`,
});

const orUnavailable = async <Answer>(
  work: () => Promise<Result<Answer, ControlRefusal>>,
): Promise<Result<Answer, ControlRefusal>> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
    return err({ type: "Unavailable", detail: error.message });
  }
};
