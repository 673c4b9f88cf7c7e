/** Why a question has no answer: the question is wrong, or the ledger cannot be read now. */
export type ReadRefusal =
  | { readonly type: "InvalidRequest"; readonly detail: string }
  | { readonly type: "Unavailable"; readonly detail: string };
