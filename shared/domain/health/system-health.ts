/** How one component is; `unknown` is the absence of fresh evidence and never counts as healthy. */
export type ComponentLevel = "healthy" | "degraded" | "unhealthy" | "critical" | "unknown";

/** How the system is (S4), and which kind of failure only a person can cure. */
export type SystemLevel = "OK" | "DEGRADED" | "FAILED" | "FAILED_CONFIG" | "FAILED_API_SCHEMA";

/** One component's health and what it rests on. */
export type ComponentHealth = {
  readonly component: string;
  readonly isCritical: boolean;
  readonly level: ComponentLevel;
  /** One sentence that names the evidence. */
  readonly reason: string;
  /** When the newest evidence was written; null without any. */
  readonly evidenceAtMs: number | null;
  /** What only a person can cure; absent where nothing of that kind is wrong. */
  readonly fault?: "configuration" | "schema";
  /** Present where it is unknown because it has never proven anything. */
  readonly unproven?: Unproven;
  /** Looks in a row that found it better than its level still says; absent where none did. */
  readonly betterLooks?: number;
};

/** A first proof that is still to come. */
export type Unproven = {
  /** When it was first seen that nothing was ever proven, epoch ms. */
  readonly sinceMs: number;
  /** Whether it should have come by now: before that it starts, and after that it is silent. */
  readonly isOverdue: boolean;
};

/** The whole system's health, derived from evidence at `atMs`. */
export type SystemHealth = {
  readonly level: SystemLevel;
  readonly reason: string;
  readonly components: readonly ComponentHealth[];
  readonly atMs: number;
};
