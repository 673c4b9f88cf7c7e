import { RetryableError } from "../../domain/fault.ts";
import type { Treatment } from "../../domain/healing/choose-treatment.ts";
import { haltUnlessFlattening } from "../../domain/risk/trading-state.ts";
import type { Healing } from "../../ports/healing.ts";
import { changeTradingState, type ChangeTradingStateDeps } from "../change-trading-state.ts";
import { escalate, isTold, type PagePersonDeps } from "./page-person.ts";
import { HISTORY_MAX, type Verdict } from "./verify-remedy.ts";

/** What giving up needs. */
export type GiveUpDeps = ChangeTradingStateDeps & PagePersonDeps & { readonly healing: Healing };

/** Pages a person; halts trading first where risk could get through. */
export const giveUp = async (
  deps: GiveUpDeps,
  treatment: Extract<Treatment, { type: "escalate" | "halt" }>,
): Promise<Verdict> => {
  const { finding, reason, type } = treatment;
  const nowMs = deps.clock.nowMs();
  if (type === "halt") await halt(deps, reason, nowMs);
  const summary = `${finding.component}: ${finding.detail} ${reason}`;
  const history = await deps.healing.list(HISTORY_MAX);
  if (!isTold(finding, history, nowMs)) {
    await escalate(deps, finding, type === "halt" ? "critical" : "error", summary);
  }
  return { outcome: "escalated", detail: summary };
};

const halt = async (deps: GiveUpDeps, reason: string, atMs: number): Promise<void> => {
  const wish = { reason, by: "run-diagnostics", atMs };
  const asked = { kind: "halt", ...wish } as const;
  const halted = await changeTradingState(deps, asked, (cell) => haltUnlessFlattening(cell, wish));
  if (!halted.ok) throw new RetryableError("Trading could not be halted.");
};
