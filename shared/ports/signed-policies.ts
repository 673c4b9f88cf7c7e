/** A policy as it was signed. */
export type SignedPolicy = {
  /** Rises by one with each version. */
  readonly serial: number;
  /** The policy's canonical JSON. */
  readonly policyText: string;
  readonly signature: string;
  /** Epoch ms. */
  readonly signedAtMs: number;
};

/** What is kept of an account's signed policy; `damaged`: something that cannot be read as one. */
export type SignedPolicyReading =
  | { readonly type: "none" }
  | { readonly type: "damaged" }
  | { readonly type: "kept"; readonly signed: SignedPolicy };

/** The signed policy of each account, strongly consistent. Throws `RetryableError`. */
export type SignedPolicies = {
  readonly load: (account: string) => Promise<SignedPolicyReading>;
  /** Replaces what is kept, damaged or not. */
  readonly save: (account: string, signed: SignedPolicy) => Promise<void>;
};

/** Signs, and tells whether a signature is of exactly this text. */
export type PolicySeal = {
  readonly sign: (text: string) => string;
  readonly verify: (text: string, signature: string) => boolean;
};
