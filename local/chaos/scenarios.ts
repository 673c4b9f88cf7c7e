import { CHAOS_MODES, type ChaosMode } from "../../shared/domain/chaos/chaos-mode.ts";

/** What is caused, and what may be touched by it. */
export type ChaosScenario = {
  readonly name: Exclude<ChaosMode, "off">;
  /** Components that the failure itself strikes; any other that fails was taken down by it. */
  readonly strikes: readonly string[];
  /** What must be seen: a page to a person, or no harm at all because others stand in. */
  readonly expects: "alert" | "noHarm";
  /** A rebuilt cell stays tight until two people have looked at it: nothing trades alone. */
  readonly resumesAlone: boolean;
};

const ALL_ALPACA = ["broker", "market-data", "ledger", "execute-orders", "reconcile-orders"];

const STRIKES: Readonly<Record<ChaosScenario["name"], readonly string[]>> = {
  alpaca_down: [...ALL_ALPACA, "trading-cycle"],
  invalid_creds: [...ALL_ALPACA, "trading-cycle"],
  supervisor_crash: ["aggregate-health"],
  state_corrupt: ["ledger", "reconcile-orders", "score-signals", "trading-cycle"],
  vendor_hang: ["market-data"],
  vendor_stale: ["market-data"],
  vendor_wrong_prices: ["market-data"],
  flow_down: ["flow"],
  ledger_down: [
    "ledger",
    "reconcile-orders",
    "score-signals",
    "execute-orders",
    "trading-cycle",
    "probe",
  ],
  telemetry_down: ["*"],
  queue_poison: ["queues", "score-signals", "execute-orders"],
  clock_skew: ["*"],
  schema_drift: ["flow"],
  config_drift: ["configuration"],
  function_crash: ["market-data", "score-signals", "trading-cycle"],
};

/** What other vendors stand in for harms nobody, and pages nobody. */
const HARMLESS: readonly ChaosMode[] = ["vendor_hang", "vendor_stale", "vendor_wrong_prices"];

/** Every scenario, one a mode. */
export const SCENARIOS: readonly ChaosScenario[] = CHAOS_MODES.flatMap((name) =>
  name === "off"
    ? []
    : [
        {
          name,
          strikes: STRIKES[name],
          expects: HARMLESS.includes(name) ? "noHarm" : "alert",
          resumesAlone: name !== "state_corrupt",
        },
      ],
);
