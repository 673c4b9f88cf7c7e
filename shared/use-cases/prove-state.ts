import { RetryableError } from "../domain/fault.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import { accountOfClientOrderId, parseClientOrderId } from "../domain/orders/client-order-id.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { Settings } from "../domain/settings.ts";
import type { Broker } from "../ports/broker.ts";
import type { ReconcileOrders } from "./reconcile-orders.ts";
import { type CellWriterDeps, loadCell } from "./update-cell.ts";

/** Whether what was asked for is true at the broker, and what stands against it. */
export type Proof = {
  readonly isProven: boolean;
  /** Client order ids and symbols that are left. */
  readonly left: readonly string[];
  /** One sentence for the operator. */
  readonly detail: string;
};

/** How long a caller can wait. */
export type Deadline = { readonly remainingMs: () => number };

/** What has to be gone, and what is said of the cell when the broker shows that it is. */
export type ProofGoal = {
  readonly leftOf: (cell: ControlCell) => Promise<Result<readonly string[], string>>;
  readonly provenOf: (cell: ControlCell) => string;
};

/** What proving needs. */
export type ProveStateDeps = Pick<CellWriterDeps, "ledger" | "pause"> & {
  readonly broker: Pick<Broker, "listOpenOrders">;
  readonly settings: Settings;
};

/** A round may meet a broker that answers slowly; none begins with less time than this left. */
const ROUND_MS = 12_000;
const ROUNDS_MAX = 20;
const PAUSE_MS = 500;

/**
 * Reconciles, which cancels what may not work any longer, until nothing is left or the time is
 * over. Where it is over, the schedule's reconciliation goes on with it.
 */
export const proveState = async (
  deps: ProveStateDeps & { readonly reconcile: ReconcileOrders },
  deadline: Deadline,
  goal: ProofGoal,
  roundsMax = ROUNDS_MAX,
): Promise<Proof> => {
  let proof: Proof = { isProven: false, left: [], detail: "There was no time to look." };
  for (let round = 1; round <= roundsMax && deadline.remainingMs() >= ROUND_MS; round++) {
    if (round > 1) await deps.pause.wait(PAUSE_MS);
    proof = await runRound(deps, goal);
    if (proof.isProven) return proof;
  }
  return proof;
};

const runRound = async (
  deps: ProveStateDeps & { readonly reconcile: ReconcileOrders },
  { leftOf, provenOf }: ProofGoal,
): Promise<Proof> => {
  try {
    const { differences } = await deps.reconcile();
    const cell = await loadCell(deps.ledger, deps.settings.account);
    const left = await leftOf(cell);
    if (!left.ok) return { isProven: false, left: [], detail: left.error };
    const isProven = left.value.length === 0;
    const detail = isProven ? provenOf(cell) : [GOES_ON, ...differences].join(" ");
    return { isProven, left: left.value, detail };
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
    return { isProven: false, left: [], detail: `${error.message} ${GOES_ON}` };
  }
};

const GOES_ON = "Not proven yet; reconciliation goes on with it every minute.";

/**
 * What keeps "no entry works" from being true: claimed entries that are not over, and live orders
 * of ours that no claim stands for. No entry is claimed any more, so that a claim that is gone was
 * seen to be over.
 */
export const workingEntries = async (
  deps: Pick<ProveStateDeps, "broker">,
  cell: ControlCell,
): Promise<Result<readonly string[], string>> => {
  const open = await deps.broker.listOpenOrders();
  if (!open.ok) return err(`The broker could not be read: ${open.error.detail} ${GOES_ON}`);
  const claimed = Object.values(cell.inFlight)
    .filter((claim) => claim.purpose === "entry" && claim.stage !== "protecting")
    .map((claim) => claim.clientOrderId);
  const unclaimed = open.value
    .map((order) => parseClientOrderId(order.clientOrderId))
    .filter((id) => id !== undefined)
    .filter((id) => accountOfClientOrderId(id) === cell.account)
    .filter((id) => cell.inFlight[id] === undefined);
  return ok([...new Set<string>([...claimed, ...unclaimed])]);
};

/** What keeps "flat" from being true: positions, and orders that are not over. */
export const heldOrWorking = async (
  cell: ControlCell,
): Promise<Result<readonly string[], string>> => {
  const { mode, isFlattening } = cell.tradingState;
  const held = Object.entries(cell.holdings)
    .filter(([, { quantity }]) => quantity !== 0)
    .map(([symbol]) => symbol);
  const left = [...held, ...Object.keys(cell.inFlight)];
  // Halting ends the flattening when the broker's own word was that nothing is there.
  const isFlat = mode === "halted" && !isFlattening;
  return ok(left.length === 0 && !isFlat ? ["the broker's word that nothing is left"] : left);
};
