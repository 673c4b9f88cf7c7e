import { FAILURES, STRIKES_ONCE, type Failure } from "../../shared/domain/chaos/chaos-mode.ts";

/** What is caused, what may be touched by it, and what must come of it. */
export type ChaosScenario = {
  readonly name: Failure;
  /**
   * Components that need what is broken for their own work: they fail by design, and closed. Every
   * other one that fails was taken down by the failure. `everything`: nothing proves itself any
   * more.
   */
  readonly strikes: readonly string[] | "everything";
  /** Symbols whose trading needs what is broken; every other one must go on being scored. */
  readonly stops: "allSymbols" | "oneSymbol" | "noSymbol";
  /** What must be seen: an alert to a person, or no harm at all because others stand in. */
  readonly expects: "alert" | "noHarm";
  /** Within so many minutes something that works has met it. */
  readonly signMinutesMax: number;
  /** Whether entries may stay off until two people have looked at it. */
  readonly needsPeople: boolean;
  /** Damage done once to what is stored; else a state that lasts. */
  readonly isOnce: boolean;
};

/** What cannot work without the broker: it is asked for the market's clock before each cycle. */
const WITHOUT_BROKER = ["broker", "trading-cycle", "reconcile-orders", "execute-orders", "probe"];
const WITHOUT_LEDGER = ["ledger", "trading-cycle", "reconcile-orders", "execute-orders", "probe"];
/** Scores are made of quotes, and a cycle in which nobody could be asked for any has failed. */
const WITHOUT_QUOTES = ["market-data", "score-signals", "trading-cycle", "probe"];

type Effects = Pick<ChaosScenario, "strikes" | "stops"> &
  Partial<Pick<ChaosScenario, "expects" | "needsPeople" | "signMinutesMax">>;

const STAND_IN: Effects = { strikes: [], stops: "noSymbol", expects: "noHarm" };

const EFFECTS: Readonly<Record<Failure, Effects>> = {
  alpaca_down: { strikes: WITHOUT_BROKER, stops: "allSymbols" },
  // An order that the broker answers with 401 halts trading; where none was sent, nobody is needed.
  invalid_creds: { strikes: WITHOUT_BROKER, stops: "allSymbols", needsPeople: true },
  supervisor_crash: { strikes: ["aggregate-health"], stops: "noSymbol" },
  state_corrupt: { strikes: WITHOUT_LEDGER, stops: "allSymbols", needsPeople: true },
  broker_down: { strikes: WITHOUT_BROKER, stops: "allSymbols" },
  // A breaker opens after five failures (E1), of which a minute brings one.
  vendor_down: { ...STAND_IN, expects: "alert", signMinutesMax: 6 },
  vendors_down: { strikes: WITHOUT_QUOTES, stops: "allSymbols" },
  vendor_hang: STAND_IN,
  vendor_stale: STAND_IN,
  vendor_wrong_prices: STAND_IN,
  symbol_lost: { strikes: [], stops: "oneSymbol", expects: "noHarm" },
  flow_down: { strikes: ["flow", "probe"], stops: "noSymbol" },
  ledger_down: { strikes: WITHOUT_LEDGER, stops: "allSymbols" },
  telemetry_down: { strikes: "everything", stops: "allSymbols" },
  network_split: {
    strikes: [...WITHOUT_BROKER, ...WITHOUT_QUOTES, "flow"],
    stops: "allSymbols",
  },
  queue_poison: { strikes: [], stops: "noSymbol" },
  clock_skew: { strikes: "everything", stops: "allSymbols" },
  schema_drift: { strikes: ["flow", "probe"], stops: "noSymbol" },
  // What is signed is read every five minutes.
  config_drift: {
    strikes: ["configuration"],
    stops: "noSymbol",
    needsPeople: true,
    signMinutesMax: 6,
  },
  function_crash: { strikes: WITHOUT_QUOTES, stops: "allSymbols" },
};

/** Every scenario, one a failure. */
export const SCENARIOS: readonly ChaosScenario[] = FAILURES.map((name) => ({
  expects: "alert",
  needsPeople: false,
  signMinutesMax: 3,
  ...EFFECTS[name],
  name,
  isOnce: STRIKES_ONCE.includes(name),
}));
