import { ok, type Result } from "../domain/result.ts";
import type { ControlCell, TradingState } from "../domain/risk/control-cell.ts";
import { haltTrading, withdrawResume } from "../domain/risk/trading-state.ts";
import { unprotectedIn } from "../domain/risk/unprotected.ts";
import { changeTradingState } from "./change-trading-state.ts";
import type { ControlRefusal } from "./control-refusal.ts";
import { type Deadline, type Proof, proveState, workingEntries } from "./prove-state.ts";
import { createReconcileOrders, type ReconcileOrdersDeps } from "./reconcile-orders.ts";

/** What an operator asks for, and who it is. */
export type HaltRequest = { readonly reason: string; readonly by: string };

/** The state that now holds, and whether it is proven that no entry works any more. */
export type TradingHalted = Proof & { readonly tradingState: TradingState };

/** Stops every order at once. */
export type HaltTrading = (
  request: HaltRequest,
  deadline: Deadline,
) => Promise<Result<TradingHalted, ControlRefusal>>;

/**
 * Halts in one conditional write, which works with the broker down, and only then cancels what
 * works and asks the broker whether it is gone. Whoever dies in between has halted: reconciliation
 * goes on cancelling. Positions stay, with their stops at the broker; those that have none, because
 * the halt overtook an exit or cancelled an entry half filled, are named. Calling again is
 * harmless, proves again, and ends a wish to resume that waits for its approval.
 */
export const createHaltTrading = (deps: ReconcileOrdersDeps): HaltTrading => {
  const reconcile = createReconcileOrders(deps);
  return async ({ reason, by }, deadline) => {
    const atMs = deps.clock.nowMs();
    const halted = await changeTradingState(deps, { kind: "halt", reason, by }, (cell) =>
      withdrawResume(haltTrading(cell, { reason, by, atMs })),
    );
    if (!halted.ok) return halted;
    const proof = await proveState({ ...deps, reconcile }, deadline, {
      leftOf: (cell) => workingEntries(deps, cell),
      provenOf: (cell) => `Proven: no entry works at the broker. ${describeBrackets(cell)}`,
    });
    return ok({ tradingState: halted.value.tradingState, ...proof });
  };
};

const describeBrackets = (cell: ControlCell): string => {
  const naked = unprotectedIn(cell);
  return naked.length === 0
    ? "Positions keep their brackets."
    : `Positions keep their brackets, but there is none around ${naked.join(", ")}.`;
};
