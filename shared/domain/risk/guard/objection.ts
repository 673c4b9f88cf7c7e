import type { DenialReason } from "../denial.ts";

/** A reason against an order; its details are put into words only for those who are shown them. */
export type Objection = { readonly reason: DenialReason; readonly describe: () => string };

/** Takes a reason against the order; `detail` puts it into words if anyone is shown them. */
export type Deny = (reason: DenialReason, detail: () => string) => void;
