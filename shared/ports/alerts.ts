/** How loudly an alert calls. */
export type AlertSeverity = "critical" | "error" | "warning" | "info";

/** A transition that a person may have to act on; sent once when it begins, once when it ends. */
export type Alert = {
  /** Names the incident: the same key triggers, updates and resolves it. At most 255 characters. */
  readonly key: string;
  readonly action: "trigger" | "resolve";
  readonly severity: AlertSeverity;
  /** One sentence for a person, at most 1,024 characters. */
  readonly summary: string;
  readonly component: string;
  readonly mode: string;
  readonly atMs: number;
  /** Where to read what to do. */
  readonly runbook: string;
  /**
   * This Region alone begins and ends the incident, so that its own record says whether it stands:
   * nobody is told of the end of what nobody was told of. Said when it is published, and not kept.
   */
  readonly isOfThisRegion?: boolean;
};

/** Publishes alerts. Throws `RetryableError`. */
export type Alerts = { readonly publish: (alert: Alert) => Promise<void> };

/** Pages a person: the last step of an alert. */
export type Pager = {
  readonly page: (alert: Alert) => Promise<"accepted" | "retryLater" | "refused">;
};
