import { claimsIn, type ControlCell } from "../risk/control-cell.ts";
import { type Difference, type DifferenceType, responseTo } from "./difference.ts";

/** What must never happen, as a comparison of ledger and broker shows it; one is a page. */
export const BREACH_NAMES = [
  /** More or less is held than orders explain: an order may have been doubled. */
  "doubledOrder",
  /** An order works that never passed the guard. */
  "unguardedOrder",
  /** An order of ours works without a claim. */
  "orphanOrder",
  "ledgerBrokerDiffer",
  /** An order's fate is not known for more than two minutes. */
  "unknownOrderOld",
  /** An order's history cannot be read to its end. */
  "orderHistoryDamaged",
] as const;

/** One of them. */
export type BreachName = (typeof BREACH_NAMES)[number];

/** How often each was found; what was not found is left out. */
export type Breaches = Readonly<Partial<Record<BreachName, number>>>;

const UNKNOWN_MAX_MS = 2 * 60_000;

/** Counts what must never happen in what was found, and in the cell at `nowMs`. */
export const breachesOf = (
  differences: readonly Difference[],
  cell: Pick<ControlCell, "inFlight">,
  nowMs: number,
): Breaches => {
  const counts: Partial<Record<BreachName, number>> = {};
  const count = (name: BreachName): void => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  for (const { type } of differences) {
    const name = breachOf(type);
    if (name !== undefined) count(name);
    if (responseTo(type) !== "adopted") count("ledgerBrokerDiffer");
  }
  for (const { stage, claimedAtMs } of claimsIn(cell)) {
    if (stage === "unknown" && nowMs - claimedAtMs > UNKNOWN_MAX_MS) count("unknownOrderOld");
  }
  return counts;
};

const breachOf = (type: DifferenceType): BreachName | undefined => {
  switch (type) {
    case "externalPosition":
      return "doubledOrder";
    case "externalOrder":
      return "unguardedOrder";
    case "orphanOrder":
      return "orphanOrder";
    case "historyUnreadable":
      return "orderHistoryDamaged";
    case "corporateAction":
    case "averagePrice":
    case "cash":
    case "orderDiffers":
    case "unlistedStatus":
    case "lostOrder":
    case "unreadableOrder":
    case "accountBlocked":
      return undefined;
  }
};
