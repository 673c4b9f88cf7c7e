import type { Settings } from "../../../shared/domain/settings.ts";
import { createOrderWitness } from "../../replay/order-witness.ts";
import { ownOrders } from "../compare-ledger.ts";
import { startDrillWorld } from "../drill-world.ts";
import { settleWorld, type Settled } from "../settle-world.ts";
import { waitUntil } from "../wait-until.ts";
import type { FaultPlan } from "./fault-plans.ts";
import { witnessSeams } from "../../world/witness-seams.ts";

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
  readonly ok: boolean;
} & Settled;

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
/** Trading before the fault, so that it meets positions, brackets and working orders. */
const CALM_MIN_MS = 2 * MINUTE_MS;
/** A fault lasts at least as long as decisions of two cycles need. */
const FAULT_MIN_MS = 2 * MINUTE_MS;
/** On a machine that is busy with other things, much of the world's time passes without work. */
const PHASE_MAX_MS = 60 * MINUTE_MS;

/** Trades in a new world, calm first and then under the fault, lets it settle, and measures. */
export const drillFault = async (
  plan: FaultPlan,
  options: FaultDrillOptions,
): Promise<FaultRow> => {
  const witness = createOrderWitness({ add: () => undefined });
  const world = await startDrillWorld({
    ...options,
    seams: witnessSeams(witness),
  });
  const { stopped } = options;
  const struckCount = (): number => world.faults.counts()[plan.counted] ?? 0;
  try {
    const phase = (leastMs: number, isThere: () => boolean): Promise<boolean> => {
      const beganAtMs = world.nowMs();
      return waitUntil(world, {
        untilMs: beganAtMs + PHASE_MAX_MS,
        stopped,
        isThere: () => world.nowMs() >= beganAtMs + leastMs && isThere(),
      });
    };
    await phase(CALM_MIN_MS, () => ownOrders(world.exchange).length > 0);
    for (const fault of plan.faults) world.faults.arm(fault);
    await phase(FAULT_MIN_MS, () => struckCount() >= plan.strikes);
    world.faults.disarmAll();
    const settled = await settleWorld(world, {
      account: options.settings.account,
      leastMs: plan.outlastsMs,
      stopped,
    });
    const { duplicateOrders, unguardedOrders } = witness.findFaults();
    const measured = {
      fault: plan.name,
      struck: struckCount(),
      ordersSent: ownOrders(world.exchange).length,
      duplicates: duplicateOrders,
      unguarded: unguardedOrders,
      ...settled,
    };
    return { ...measured, ok: isOk(measured) };
  } finally {
    await world.stop();
  }
};

const isOk = (row: Omit<FaultRow, "ok">): boolean =>
  row.struck > 0 &&
  row.ordersSent > 0 &&
  row.duplicates === 0 &&
  row.unguarded === 0 &&
  row.unknownLeft === 0 &&
  row.ledgerEqualsBroker;
