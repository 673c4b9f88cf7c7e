import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import { compareLedger, countUnknown } from "./compare-ledger.ts";
import { DrillFault, type DrillWorld } from "./drill-world.ts";
import { waitUntil } from "./wait-until.ts";

/** How a world stood when it had settled, or when the time for that was over. */
export type Settled = {
  /** Claims of which nobody knows whether their order arrived. */
  readonly unknownLeft: number;
  readonly ledgerEqualsBroker: boolean;
  /** The world's seconds until ledger and book agreed; null if they never did. */
  readonly secondsToSettle: number | null;
  readonly tradingMode: ControlCell["tradingState"]["mode"];
  /** What did not agree at the end, a sentence each. */
  readonly differences: readonly string[];
};

/** Longer than the quiet window and a hidden order together, with some reconciliations. */
const SETTLE_MAX_MS = 30 * 60_000;

/** Waits for a moment at which nothing is unknown and ledger and book agree in everything. */
export const settleWorld = async (
  world: Pick<DrillWorld, "exchange" | "ledger" | "nowMs">,
  {
    account,
    leastMs,
    stopped,
  }: {
    readonly account: string;
    /** What agrees sooner is not believed yet, in the world's milliseconds. */
    readonly leastMs: number;
    readonly stopped: AbortSignal;
  },
): Promise<Settled> => {
  const beganAtMs = world.nowMs();
  let cell = await loadCell(world, account);
  let differences: readonly string[] = [];
  const isSettled = await waitUntil(world, {
    untilMs: beganAtMs + SETTLE_MAX_MS,
    stopped,
    isThere: async () => {
      cell = await loadCell(world, account);
      differences = compareLedger(cell, world.exchange);
      const isSoon = world.nowMs() < beganAtMs + leastMs;
      return !isSoon && differences.length === 0 && cell.reconciliation.state === "clean";
    },
  });
  const seconds = Math.round((world.nowMs() - beganAtMs) / 1_000);
  return {
    unknownLeft: countUnknown(cell),
    ledgerEqualsBroker: isSettled,
    secondsToSettle: isSettled ? seconds : null,
    tradingMode: cell.tradingState.mode,
    differences,
  };
};

/** The account's cell as it is stored now. Throws `DrillFault` where there is none. */
export const loadCell = async (
  { ledger }: Pick<DrillWorld, "ledger">,
  account: string,
): Promise<ControlCell> => {
  const loaded = await ledger.loadCell(account);
  if (loaded.ok && loaded.value !== undefined) return loaded.value;
  throw new DrillFault("The account's cell could not be read.");
};
