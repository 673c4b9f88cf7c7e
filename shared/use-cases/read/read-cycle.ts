import {
  marketPhase,
  nextSession,
  type MarketPhase,
  type Session,
} from "../../domain/market/calendar.ts";
import { epochMsToNewYork } from "../../domain/market/new-york-time.ts";
import type { Clock } from "../../ports/clock.ts";
import type { CycleRecord, Telemetry } from "../../ports/telemetry.ts";

/** The last trading cycle, and what the market does by the exchange's rules; epoch ms. */
export type CycleView = {
  readonly atMs: number;
  readonly cycle: CycleRecord | null;
  readonly market: {
    readonly phase: MarketPhase;
    /** Today's session; null on a day without any. */
    readonly session: Session | null;
    readonly nextSession: Session;
  };
};

/** Reads the last cycle and the market's clock. */
export const createReadCycle =
  (deps: { readonly telemetry: Pick<Telemetry, "loadCycle">; readonly clock: Clock }) =>
  async (): Promise<CycleView> => {
    const cycle = await deps.telemetry.loadCycle();
    const atMs = deps.clock.nowMs();
    const { phase, session } = marketPhase(atMs);
    const next = nextSession(epochMsToNewYork(atMs).date);
    const market = { phase, session: session ?? null, nextSession: next };
    return { atMs, cycle: cycle ?? null, market };
  };
