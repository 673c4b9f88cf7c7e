/** A small mistake in production code, as somebody might make it. */
export type Plant = {
  readonly name: string;
  /** The production file, from the project's root. */
  readonly file: string;
  /** Text that stands in it exactly once. */
  readonly find: string;
  readonly replace: string;
  /** What the mistake would do to those who trade with it. */
  readonly why: string;
};
