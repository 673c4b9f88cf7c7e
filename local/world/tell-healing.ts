import type { Diagnosed } from "../../lambdas/run-diagnostics/handler.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Functions } from "../functions.ts";
import type { TellEvent } from "./world-event.ts";

/** The steps of healing, telling which remedy is applied and what became of it. */
export const tellHealing =
  (
    runDiagnostics: Functions["runDiagnostics"],
    { tell, clock }: { readonly tell: TellEvent; readonly clock: Pick<Clock, "nowMs"> },
  ) =>
  async (event: unknown): Promise<Diagnosed> => {
    const answer = await runDiagnostics(event);
    const atMs = clock.nowMs();
    if ("remedy" in answer) {
      const { remedy, finding } = answer;
      tell({ type: "healing", atMs, outcome: "applied", detail: `${remedy}: ${finding.detail}` });
    }
    if ("outcome" in answer) {
      const { outcome, detail } = answer;
      tell({ type: "healing", atMs, outcome, detail });
    }
    return answer;
  };
