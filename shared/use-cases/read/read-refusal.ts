/** Why a question has no answer: it is wrong, about nothing, or the ledger cannot be read now. */
export type ReadRefusal =
  | { readonly type: "InvalidRequest"; readonly detail: string }
  | { readonly type: "NotFound"; readonly detail: string }
  | { readonly type: "Unavailable"; readonly detail: string };
