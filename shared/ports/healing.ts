import type { EnvironmentReport } from "../domain/healing/environment-report.ts";
import type { HealingRecord, RepairOrder } from "../domain/healing/remedy.ts";

/**
 * The log of healing, and what running environments are asked to do with themselves. Eventually
 * consistent. Throws `RetryableError`.
 */
export type Healing = {
  /** Stores a record; a later one with the same id takes its place. */
  readonly note: (record: HealingRecord) => Promise<void>;
  /** Newest first, at most `limit`. */
  readonly list: (limit: number) => Promise<readonly HealingRecord[]>;
  readonly order: (order: RepairOrder) => Promise<void>;
  /** Every order that was given lately, whether or not it still holds. */
  readonly orders: () => Promise<readonly RepairOrder[]>;
  readonly report: (report: EnvironmentReport) => Promise<void>;
  /** What environments reported lately, the newest of each function. */
  readonly reports: () => Promise<readonly EnvironmentReport[]>;
};

/**
 * The configuration that was signed, and what runs. Absent where nothing is signed. Restoring puts
 * the signed one back, to the letter; it has no way to put anything else.
 */
export type SignedConfiguration = {
  /** What differs, in one sentence without values of secrets; null where nothing does. */
  readonly drift: () => Promise<string | null>;
  readonly restore: () => Promise<void>;
};
