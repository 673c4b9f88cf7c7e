import type { MessageFailure } from "../domain/dead-letters/dead-letter.ts";

/** Where a body lies that is too large for a queue, and how it is known again. */
export type BodyReference = {
  /** A key of the archive. */
  readonly key: string;
  /** SHA-256 of the body's UTF-8, in hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
};

/**
 * What is written around a message that is more than its body: it lies elsewhere, or was given up
 * and brought back. It travels in the body itself, so that every queue and every copy keeps it.
 */
export type MessageEnvelope = {
  /** Tells an envelope from a plain body. */
  readonly envelope: 1;
  /** How often it was brought back from the dead-letter queue. */
  readonly redrives: number;
  /** Absent where nobody gave it up by name: it was delivered too often. */
  readonly failure?: MessageFailure | undefined;
  readonly content:
    | { readonly type: "inline"; readonly body: string }
    | ({ readonly type: "reference" } & BodyReference);
};
