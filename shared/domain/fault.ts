/** A fault that another try will not cure: the message goes to the dead-letter queue. */
export class TerminalError extends Error {
  override readonly name = "TerminalError";
}

/** A fault that another try may cure: the message goes back to its queue. */
export class RetryableError extends Error {
  override readonly name = "RetryableError";
}

/** Another Region holds the account: a write of this one was refused by its epoch. */
export class EpochConflict extends RetryableError {}
