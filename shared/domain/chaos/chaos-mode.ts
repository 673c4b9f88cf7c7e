import { err, ok, type Result } from "../result.ts";
import type { Mode } from "../settings.ts";

/** Every failure that can be caused on purpose (S5, E13), and `off`. */
export const CHAOS_MODES = [
  "off",
  "alpaca_down",
  "invalid_creds",
  "supervisor_crash",
  "state_corrupt",
  "vendor_hang",
  "vendor_stale",
  "vendor_wrong_prices",
  "flow_down",
  "ledger_down",
  "telemetry_down",
  "queue_poison",
  "clock_skew",
  "schema_drift",
  "config_drift",
  "function_crash",
] as const;

/** The name of one. */
export type ChaosMode = (typeof CHAOS_MODES)[number];

/** What each breaks, in one sentence. */
export const CHAOS_SUMMARY: Readonly<Record<ChaosMode, string>> = {
  off: "Nothing is broken.",
  alpaca_down: "Neither the broker nor Alpaca's market data answers.",
  invalid_creds: "The broker and Alpaca's market data refuse the key.",
  supervisor_crash: "Health can no longer be derived: its function fails every time.",
  state_corrupt: "The account's control cell is overwritten with text that nobody can read.",
  vendor_hang: "Alpaca's market data accepts every request and never answers.",
  vendor_stale: "Alpaca's market data repeats prices of ten minutes ago.",
  vendor_wrong_prices: "Alpaca's market data is a fifth too high, with the time stamps of now.",
  flow_down: "The vendor of options flow does not answer.",
  ledger_down: "The ledger's table answers nothing.",
  telemetry_down: "The table of everything but the ledger answers nothing.",
  queue_poison: "Messages that nobody can read lie in every queue.",
  clock_skew: "The functions' clocks are five minutes late.",
  schema_drift: "The flow vendor's answers no longer match their contract.",
  config_drift: "What runs is not the configuration that was signed.",
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
