/** Why a database file cannot be used. The file itself is never changed by finding out. */
export type DatabaseFault = {
  readonly type: "DatabaseCorrupt" | "DatabaseInUse" | "DatabaseForeign" | "DatabaseUnreadable";
  readonly path: string;
  /** What is wrong and what to do, in words for the operator. */
  readonly detail: string;
};
