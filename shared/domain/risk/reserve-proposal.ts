import { claimOrder } from "./claim-order.ts";
import type { ControlCell } from "./control-cell.ts";
import { guardOrder } from "./guard.ts";
import type { GuardInput } from "./guard/guard-input.ts";

/**
 * The cell as it would be if the order were claimed now; as it is where the guard refuses. It is
 * never stored: what else is proposed at the same moment is judged by it.
 */
export const reserveProposal = (input: GuardInput): ControlCell => {
  const { cell, nowMs } = input;
  const approved = guardOrder(input);
  if (!approved.ok) return cell;
  const terms = { claimId: "proposed", nowMs, submitByMs: nowMs };
  const claimed = claimOrder(cell, approved.value, terms);
  return claimed.ok ? claimed.value : cell;
};
