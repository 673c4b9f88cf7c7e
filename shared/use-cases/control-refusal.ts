import type { ReadRefusal } from "./read/read-refusal.ts";

/**
 * Why an operator's wish was not fulfilled; `Refused` is a rule, and asking again changes nothing.
 */
export type ControlRefusal = ReadRefusal | { readonly type: "Refused"; readonly detail: string };
