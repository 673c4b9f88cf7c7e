/** A failover that somebody asks for; it is made in the Region that takes over. */
export type FailoverWish = {
  /** The Region that shall have the account. */
  readonly to: string;
  /** One sentence. */
  readonly reason: string;
  /** The principal who asks. */
  readonly by: string;
  /** Whether the Region that trades is alive, so that what it has in flight can settle first. */
  readonly isPlanned: boolean;
};
