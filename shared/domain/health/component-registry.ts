/** When a component has to prove that it works. */
type Duty =
  /** At every time. */
  | { readonly type: "always" }
  /** At every time once it has begun: not every deployment has it. */
  | { readonly type: "onceBegun" }
  /** While the market is open; outside it is expected to be quiet. */
  | {
      readonly type: "marketHours";
      readonly restsWhile: RestKind;
      /** Not every session has it: only silence after its first proof counts. */
      readonly isOptional?: true;
    }
  /** Never: it speaks when something is wrong, and once when that is over. */
  | { readonly type: "onlyTrouble" }
  /** After this kind of work was handed to it; without any it is idle. */
  | { readonly type: "afterWork"; readonly work: WorkName };

/**
 * When a component has nothing to prove although the market is open. `nothingIsTraded`: trading is
 * halted, or the other Region trades. `otherRegionTrades`: only then. `never`: it always works.
 */
type RestKind = "nothingIsTraded" | "otherRegionTrades" | "never";

/** Work that one component hands to another; its hand-over is evidence under this name. */
export type WorkName = "intents" | "alerts";

/** A part of the system, and what proves that it works. */
export type ComponentRule = {
  readonly component: ComponentName;
  /** The system fails with a critical component, and is degraded without a supportive one. */
  readonly isCritical: boolean;
  readonly duty: Duty;
  /** Several of its runs may be at work beside each other: one that fails is not the whole. */
  readonly isParallel?: boolean;
  /** The longest time from one proof to the next, or from work to its proof. */
  readonly evidenceAgeMaxMs: number;
};

/** The names under which evidence is written. */
type ComponentName =
  | "trading-cycle"
  | "market-data"
  | "score-signals"
  | "execute-orders"
  | "reconcile-orders"
  | "ledger"
  | "broker"
  | "flow"
  | "keep-lease"
  | "activity"
  | "configuration"
  | "probe"
  | "peer-region"
  | "flow-endpoints"
  | "memory"
  | "disk"
  | "healing"
  | "audit"
  | "notify"
  | "aggregate-health";

const MINUTE_MS = 60_000;
const THREE_CYCLES_MS = 3 * MINUTE_MS;
const trading = { type: "marketHours", restsWhile: "nothingIsTraded" } as const;
const keepingBooks = { type: "marketHours", restsWhile: "otherRegionTrades" } as const;
const reaching = { type: "marketHours", restsWhile: "never" } as const;

/**
 * The registry of components. `ledger` and `broker` are proven by open-cycle, which reads the one
 * and asks the other; `trading-cycle` by close-cycle, `market-data` and `flow` by their pollers.
 * `keep-lease` and `peer-region` begin where there are two Regions and nowhere else. `activity` is
 * whether as much happens as usual, `probe` whether a made-up signal arrives; both every quarter of
 * an hour. `configuration` is whether what runs is what was signed, where anything is. The flow
 * vendor's endpoints beside the alerts, and the memory and the temporary directory of functions'
 * environments, speak only of trouble, and so does the audit: a record of it does not hold.
 * `healing` is whether its workflow looks, every 5 minutes.
 */
export const COMPONENTS: readonly ComponentRule[] = [
  critical("trading-cycle", trading),
  { ...critical("market-data", trading), isParallel: true },
  { ...critical("score-signals", trading), isParallel: true },
  { ...critical("execute-orders", { type: "afterWork", work: "intents" }), isParallel: true },
  critical("reconcile-orders", keepingBooks),
  critical("ledger", reaching),
  critical("broker", reaching),
  critical("keep-lease", { type: "onceBegun" }),
  supportive("flow", trading),
  supportive("activity", { ...trading, isOptional: true }, 25 * MINUTE_MS),
  supportive("configuration", { ...trading, isOptional: true }, 15 * MINUTE_MS),
  supportive("probe", { type: "onceBegun" }, 45 * MINUTE_MS),
  supportive("peer-region", { type: "onceBegun" }),
  supportive("flow-endpoints", { type: "onlyTrouble" }),
  supportive("memory", { type: "onlyTrouble" }),
  supportive("disk", { type: "onlyTrouble" }),
  supportive("audit", { type: "onlyTrouble" }),
  supportive("healing", { ...reaching, isOptional: true }, 15 * MINUTE_MS),
  supportive("notify", { type: "afterWork", work: "alerts" }),
  supportive("aggregate-health", { type: "always" }),
];

function critical(component: ComponentName, duty: Duty): ComponentRule {
  return { component, isCritical: true, duty, evidenceAgeMaxMs: THREE_CYCLES_MS };
}

function supportive(
  component: ComponentName,
  duty: Duty,
  evidenceAgeMaxMs = THREE_CYCLES_MS,
): ComponentRule {
  return { component, isCritical: false, duty, evidenceAgeMaxMs };
}
