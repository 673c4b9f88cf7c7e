/** What a component did, written after the work it proves. Absence of it is `unknown`. */
export type Evidence = {
  /** A name of the component registry. */
  readonly component: string;
  readonly atMs: number;
  readonly succeeded: boolean;
  /** One sentence without secrets; the reason where it failed. */
  readonly detail: string;
  /** How long the work took, milliseconds; null where it was not measured. */
  readonly latencyMs: number | null;
  /** How old the newest data was that the work handled, milliseconds; null where it has no age. */
  readonly dataAgeMs: number | null;
  /** Failures that only a person can cure; null for all others. */
  readonly fault: "configuration" | "schema" | null;
};
