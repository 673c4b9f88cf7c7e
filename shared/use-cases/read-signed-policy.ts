import { RetryableError } from "../domain/fault.ts";
import { sealedTextOf } from "../domain/policy/signed-policy.ts";
import type { Clock } from "../ports/clock.ts";
import type {
  PolicySeal,
  SignedPolicies,
  SignedPolicy,
  SignedPolicyReading,
} from "../ports/signed-policies.ts";

/** The signed policy, or in one sentence why there is none to go by. */
export type Reading =
  | { readonly type: "signed"; readonly signed: SignedPolicy }
  | { readonly type: "lost"; readonly sentence: string };

/** What reading needs. */
export type ReadSignedPolicyDeps = {
  readonly policies: Pick<SignedPolicies, "load" | "loadSpare">;
  readonly seal: PolicySeal;
  readonly account: string;
};

/** The record is read at most so often. */
const READ_EVERY_MS = 5 * 60_000;

/** What is kept, where a signature is of it. Throws `RetryableError`. */
export const readSignedPolicy = async (
  deps: ReadSignedPolicyDeps,
  from: "load" | "loadSpare" = "load",
): Promise<Reading> => verify(deps.seal, await deps.policies[from](deps.account));

const verify = async (seal: PolicySeal, reading: SignedPolicyReading): Promise<Reading> => {
  switch (reading.type) {
    case "none":
      return { type: "lost", sentence: "The signed configuration is missing." };
    case "damaged":
      return { type: "lost", sentence: "The signed configuration cannot be read." };
    case "kept": {
      const { signed } = reading;
      const text = sealedTextOf(signed);
      // One for each Region's key: at most four.
      for (const signature of signed.signatures) {
        if (await seal.verify(text, signature)) return { type: "signed", signed };
      }
      return { type: "lost", sentence: "The signed configuration's signature is not of it." };
    }
  }
};

/** The signed policy as one environment knows it. */
export type PolicyReader = {
  /** Read anew. */
  readonly read: () => Promise<Reading>;
  /** At most so old, and read anew where it was lost; a store that is down leaves what was read. */
  readonly latest: () => Promise<Reading & { readonly isNew: boolean }>;
  readonly know: (signed: SignedPolicy) => void;
  /** Whether it is no older than any version that was known here. */
  readonly isCurrent: (signed: SignedPolicy) => boolean;
};

/**
 * Remembers what was read. A version that is older than the one known was put back by somebody who
 * may not sign, and counts as lost.
 */
export const createPolicyReader = (
  deps: ReadSignedPolicyDeps & { readonly clock: Pick<Clock, "monotonicMs"> },
): PolicyReader => {
  let known: { readonly signed: SignedPolicy; readonly readAtMs: number } | undefined;
  let newest = 0;
  const know = (signed: SignedPolicy): void => {
    known = { signed, readAtMs: deps.clock.monotonicMs() };
    newest = signed.serial;
  };
  const isCurrent = ({ serial }: SignedPolicy): boolean => serial >= newest;
  const read = async (): Promise<Reading> => {
    const reading = await readSignedPolicy(deps);
    if (reading.type === "signed" && !isCurrent(reading.signed)) {
      known = undefined;
      return {
        type: "lost",
        sentence: "An older version of the signed configuration was put back.",
      };
    }
    if (reading.type === "signed") know(reading.signed);
    else known = undefined;
    return reading;
  };
  const latest = async (): ReturnType<PolicyReader["latest"]> => {
    const before = known;
    if (before === undefined) return { ...(await read()), isNew: true };
    const remembered = { type: "signed", signed: before.signed, isNew: false } as const;
    if (deps.clock.monotonicMs() - before.readAtMs < READ_EVERY_MS) return remembered;
    try {
      return { ...(await read()), isNew: true };
    } catch (error) {
      if (error instanceof RetryableError) return remembered;
      throw error;
    }
  };
  return { read, latest, know, isCurrent };
};
