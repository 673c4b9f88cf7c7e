import { formatMoney } from "../../domain/market/money.ts";
import type { SessionDate } from "../../domain/market/session-date.ts";
import { ok, type Result } from "../../domain/result.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { ReadRefusal } from "./read-refusal.ts";
import { readSession } from "./read-session.ts";

/** A session's equity curve, oldest first; USD as text, epoch ms. */
export type EquityView = {
  readonly sessionDate: SessionDate;
  readonly points: readonly { readonly atMs: number; readonly equity: string }[];
};

/** Reads the equity curve of a session (`YYYY-MM-DD`; today's by default). */
export const createReadEquity =
  (deps: { readonly telemetry: Pick<Telemetry, "loadEquity">; readonly clock: Clock }) =>
  async (session: string | undefined): Promise<Result<EquityView, ReadRefusal>> => {
    const sessionDate = readSession(session, deps.clock.nowMs());
    if (!sessionDate.ok) return sessionDate;
    const points = await deps.telemetry.loadEquity(sessionDate.value);
    return ok({
      sessionDate: sessionDate.value,
      points: points.map(({ atMs, equity }) => ({ atMs, equity: formatMoney(equity) })),
    });
  };
