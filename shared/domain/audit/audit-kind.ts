/** What is recorded. What loosens is recorded before it is done, everything else afterwards. */
export const AUDIT_KINDS = [
  /** Orders and what the guard decided of them, since the last record of this kind. */
  "orders",
  /** What the control cell says, whenever it says something else: state, epoch, Region, limits. */
  "state",
  "halt",
  "flatten",
  "resume-requested",
  /** A second principal said yes; trading goes on once the cell says so. */
  "resume-approved",
  /** A Region took the account over. */
  "takeover",
  /** A takeover is clean: entries are about to be allowed. */
  "takeover-finished",
  "configuration-signed",
  "configuration-drifted",
  "configuration-restored",
  /** A remedy of healing was begun, ended, undone or stopped. */
  "remedy",
  "dead-letter",
  "chaos",
  "drill",
  "restore",
] as const;

/** One of them. */
export type AuditKind = (typeof AUDIT_KINDS)[number];
