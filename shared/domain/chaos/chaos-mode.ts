import { err, ok, type Result } from "../result.ts";
import type { Mode } from "../settings.ts";

/** Every failure that can be caused on purpose (S5, E13), and `off`. */
export const CHAOS_MODES = [
  "off",
  "alpaca_down",
  "invalid_creds",
  "supervisor_crash",
  "state_corrupt",
  "broker_down",
  "vendor_down",
  "vendors_down",
  "vendor_hang",
  "vendor_stale",
  "vendor_wrong_prices",
  "symbol_lost",
  "flow_down",
  "ledger_down",
  "telemetry_down",
  "network_split",
  "queue_poison",
  "clock_skew",
  "schema_drift",
  "config_drift",
  "function_crash",
] as const;

/** The name of one. */
export type ChaosMode = (typeof CHAOS_MODES)[number];

/** One that breaks something. */
export type Failure = Exclude<ChaosMode, "off">;

/** Every one that breaks something, in the order in which they are shown. */
export const FAILURES: readonly Failure[] = CHAOS_MODES.filter((mode) => mode !== "off");

/** Done to what is stored, at one moment; the others last until they are ended. */
export const STRIKES_ONCE: readonly Failure[] = ["state_corrupt", "queue_poison", "config_drift"];

/** What each breaks, in one sentence. */
export const CHAOS_SUMMARY: Readonly<Record<ChaosMode, string>> = {
  off: "Nothing is broken.",
  alpaca_down: "Neither the broker nor Alpaca's market data answers.",
  invalid_creds: "The broker and Alpaca's market data refuse the key.",
  supervisor_crash: "Health can no longer be derived: its function fails every time.",
  state_corrupt: "The account's control cell is overwritten with text that nobody can read.",
  broker_down: "The broker does not answer; its market data does.",
  vendor_down: "Alpaca's market data cannot be reached; the broker and other vendors can.",
  vendors_down: "No vendor of market data can be reached.",
  vendor_hang: "Alpaca's market data accepts every request and never answers.",
  vendor_stale: "Alpaca's market data repeats prices of ten minutes ago.",
  vendor_wrong_prices: "Alpaca's market data is a fifth too high, with the time stamps of now.",
  symbol_lost: "No vendor knows the first symbol of each shard any more.",
  flow_down: "The vendor of options flow does not answer.",
  ledger_down: "The ledger's table answers nothing.",
  telemetry_down: "The table of everything but the ledger answers nothing.",
  network_split: "Nothing outside answers: no broker, no vendor of data or flow.",
  queue_poison: "Messages that nobody can read lie in every queue.",
  clock_skew: "The functions' clocks are five minutes late.",
  schema_drift: "The flow vendor's answers no longer match their contract.",
  config_drift: "The signed configuration was changed by somebody who could not sign it.",
  function_crash: "The poller of market data dies of a bug, every time.",
};

declare const chaosWorldBrand: unique symbol;

/** A mode in which something may be broken on purpose; only `chaosWorldOf` makes one. */
export type ChaosWorld = Exclude<Mode, "live"> & { readonly [chaosWorldBrand]: true };

/** Chaos was asked for where real money is. */
export type ChaosRefused = { readonly type: "ChaosRefused"; readonly sentence: string };

/**
 * The world that may be broken. Live never is: everything that injects takes a `ChaosWorld`, so
 * that without this answer nothing can be injected at all.
 */
export const chaosWorldOf = (mode: Mode): Result<ChaosWorld, ChaosRefused> => {
  switch (mode) {
    case "sim":
    case "shadow":
    case "paper":
      return ok(mode as ChaosWorld);
    case "live":
      return err({
        type: "ChaosRefused",
        sentence: "Nothing is broken on purpose where orders are real: this account is live.",
      });
  }
};

/** Reads CHAOS_MODE; `undefined` is off, and any other word is a mistake that must not pass. */
export const parseChaosMode = (text: string | undefined): ChaosMode | undefined =>
  text === undefined || text === "" ? "off" : CHAOS_MODES.find((mode) => mode === text);
