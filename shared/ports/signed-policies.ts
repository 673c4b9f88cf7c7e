/** A policy as it was signed. */
export type SignedPolicy = {
  /** Rises by one with each version. */
  readonly serial: number;
  /** The policy's canonical JSON. */
  readonly policyText: string;
  /** The versions before it, newest first, as their canonical JSON; at most three. */
  readonly earlier: readonly string[];
  /** Epoch ms. */
  readonly signedAtMs: number;
  /** One by each key that signed: every Region verifies by its own. */
  readonly signatures: readonly string[];
};

/** What is kept of an account's signed policy; `damaged`: something that cannot be read as one. */
export type SignedPolicyReading =
  | { readonly type: "none" }
  | { readonly type: "damaged" }
  | { readonly type: "kept"; readonly signed: SignedPolicy };

/** The signed policy of each account, strongly consistent. Throws `RetryableError`. */
export type SignedPolicies = {
  readonly load: (account: string) => Promise<SignedPolicyReading>;
  /** A second copy, for the day on which the first is lost. */
  readonly loadSpare: (account: string) => Promise<SignedPolicyReading>;
  /** Replaces what is kept, damaged or not, and the second copy. */
  readonly save: (account: string, signed: SignedPolicy) => Promise<void>;
};

/** Tells whether a signature is of exactly this text. Throws `RetryableError` without its key. */
export type PolicySeal = {
  readonly verify: (text: string, signature: string) => Promise<boolean>;
};

/** Signs, for those who may: whoever deploys, and a local world for itself. */
export type PolicySigner = { readonly sign: (text: string) => Promise<string> };
