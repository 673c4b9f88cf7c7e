import type { Settings } from "../../../shared/domain/settings.ts";
import type { ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import { createOrderWitness } from "../../replay/order-witness.ts";
import { compareLedger, countUnknown } from "../compare-ledger.ts";
import { DrillFault, startDrillWorld, type DrillWorld } from "../drill-world.ts";
import { waitUntil } from "../wait-until.ts";
import type { FaultPlan } from "./fault-plans.ts";

/** What one fault came to, from the exchange's own book and the ledger. */
export type FaultRow = {
  readonly fault: string;
  /** How often it fired. */
  readonly struck: number;
  /** Orders that entered the exchange's book, without the legs of brackets. */
  readonly ordersSent: number;
  /** Orders beyond the first of one decision, whatever id they had. */
  readonly duplicates: number;
  /** Orders that no claim stood for in the ledger when they entered the book. */
  readonly unguarded: number;
  /** Claims of which nobody knows, when it was over, whether their order arrived. */
  readonly unknownLeft: number;
  readonly ledgerEqualsBroker: boolean;
  /** The world's seconds from the fault's end until ledger and book agreed; null if they never did. */
  readonly secondsToSettle: number | null;
  readonly ok: boolean;
  /** What did not agree at the end, a sentence each. */
  readonly differences: readonly string[];
};

/** Where and how a row is run. */
export type FaultDrillOptions = {
  readonly settings: Settings;
  /** An empty directory. */
  readonly directory: string;
  readonly seed: number;
  readonly speed: number;
  readonly stopped: AbortSignal;
};

const MINUTE_MS = 60_000;
/** Trading before the fault begins, so that it meets positions, brackets and working orders. */
const CALM_MS = 2 * MINUTE_MS;
/** A fault lasts at least as long as decisions of two cycles need, and not for ever. */
const FAULT_MIN_MS = 2 * MINUTE_MS;
const FAULT_MAX_MS = 20 * MINUTE_MS;
/** Longer than the quiet window and a hidden order together, with some reconciliations. */
const SETTLE_MAX_MS = 15 * MINUTE_MS;

/** Trades in a new world, calm first and then under the fault, lets it settle, and measures. */
export const drillFault = async (
  plan: FaultPlan,
  options: FaultDrillOptions,
): Promise<FaultRow> => {
  const witness = createOrderWitness({ add: () => undefined, finish: () => "" });
  const world = await startDrillWorld({
    ...options,
    seams: {
      watchLedger: witness.watch,
      watchJournal: (journal) => ({
        load: journal.load,
        commit: (change) => {
          witness.journal.commit(change);
          journal.commit(change);
        },
      }),
    },
  });
  const { stopped } = options;
  const struckCount = (): number => world.faults.counts()[plan.counted] ?? 0;
  try {
    const startedAtMs = world.nowMs();
    const calmUntilMs = startedAtMs + CALM_MS;
    await waitUntil(world, { untilMs: calmUntilMs, stopped, isThere: () => false });
    for (const fault of plan.faults) world.faults.arm(fault);
    const armedAtMs = world.nowMs();
    await waitUntil(world, {
      untilMs: armedAtMs + FAULT_MAX_MS,
      stopped,
      isThere: () =>
        world.nowMs() >= armedAtMs + FAULT_MIN_MS && struckCount() >= plan.strikes,
    });
    world.faults.disarmAll();
    const settled = await settle(world, options);
    const { duplicateOrders, unguardedOrders } = witness.findFaults();
    const measured = {
      fault: plan.name,
      struck: struckCount(),
      ordersSent: countOrders(world),
      duplicates: duplicateOrders,
      unguarded: unguardedOrders,
      ...settled,
    };
    return { ...measured, ok: isOk(measured) };
  } finally {
    await world.stop();
  }
};

type Settled = Pick<
  FaultRow,
  "unknownLeft" | "ledgerEqualsBroker" | "secondsToSettle" | "differences"
>;

/** Waits for a moment at which nothing is unknown and ledger and book agree in everything. */
const settle = async (
  world: DrillWorld,
  { settings, stopped }: FaultDrillOptions,
): Promise<Settled> => {
  const endedAtMs = world.nowMs();
  let differences: readonly string[] = [];
  let unknownLeft = 0;
  const isSettled = await waitUntil(world, {
    untilMs: endedAtMs + SETTLE_MAX_MS,
    stopped,
    isThere: async () => {
      const cell = await loadCell(world, settings.account);
      differences = compareLedger(cell, world.exchange);
      unknownLeft = countUnknown(cell);
      return differences.length === 0 && cell.reconciliation.state === "clean";
    },
  });
  const seconds = Math.round((world.nowMs() - endedAtMs) / 1_000);
  return {
    unknownLeft,
    ledgerEqualsBroker: isSettled,
    secondsToSettle: isSettled ? seconds : null,
    differences,
  };
};

const loadCell = async ({ ledger }: DrillWorld, account: string): Promise<ControlCell> => {
  const loaded = await ledger.loadCell(account);
  if (!loaded.ok || loaded.value === undefined) {
    throw new DrillFault("The account's cell could not be read.");
  }
  return loaded.value;
};

const ORDERS_MAX = 100_000;

const countOrders = ({ exchange }: DrillWorld): number =>
  exchange
    .listOrders({ status: "all", limit: ORDERS_MAX, direction: "asc" })
    .filter(({ parentId }) => parentId === undefined).length;

const isOk = (row: Omit<FaultRow, "ok">): boolean =>
  row.struck > 0 &&
  row.ordersSent > 0 &&
  row.duplicates === 0 &&
  row.unguarded === 0 &&
  row.unknownLeft === 0 &&
  row.ledgerEqualsBroker;
