import type { DrillManifest } from "../domain/failover/deployed-drill.ts";

/**
 * What drills against the deployed system began with, and how far they are. Throws
 * `RetryableError`.
 */
export type DrillManifests = {
  readonly save: (manifest: DrillManifest) => Promise<void>;
  readonly load: (drillId: string) => Promise<DrillManifest | undefined>;
  /** Of the last drills, newest first. */
  readonly list: (limit: number) => Promise<readonly DrillManifest[]>;
};
