/** The only source of chance. Seeded in the simulated world. Never part of a client order id. */
export type Random = {
  /** A float in [0, 1). */
  readonly next: () => number;
  /** A name that no other call returns, at most 36 characters. */
  readonly id: () => string;
};
