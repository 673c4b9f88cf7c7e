/** The only source of time. Virtual in the simulated world, scaled in the local one. */
export type Clock = {
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
  /** Milliseconds since an arbitrary start; never goes back, so deadlines are measured with it. */
  readonly monotonicMs: () => number;
};
