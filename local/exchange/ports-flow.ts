import type { Ticker } from "../../shared/domain/market/ticker.ts";
import { ok } from "../../shared/domain/result.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Flow } from "../../shared/ports/flow.ts";
import type { FlowEvidence } from "../../shared/domain/signals/flow.ts";
import type { SeededFlow } from "./flow/seeded-flow.ts";

/** Flow of an exchange in the same process: every answer arrives, at once. */
export const createExchangeFlow = (flow: SeededFlow, clock: Clock): Flow => ({
  fetchEvidence: async (symbols: readonly Ticker[]) => {
    const nowMs = clock.nowMs();
    const known: FlowEvidence[] = [];
    for (const symbol of symbols) {
      const evidence = flow.evidenceAt(symbol, nowMs);
      if (evidence !== undefined) known.push(evidence);
    }
    return ok(known);
  },
});
