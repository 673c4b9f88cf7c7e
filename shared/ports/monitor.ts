/** Somebody outside who calls for help when this one falls silent. */
export type Monitor = {
  /** Says that all is well enough; false where it was not heard. Never rejects. */
  readonly beat: () => Promise<boolean>;
};
