/** The only way to wait; in the simulated world it costs virtual time alone. */
export type Pause = { readonly wait: (ms: number) => Promise<void> };
