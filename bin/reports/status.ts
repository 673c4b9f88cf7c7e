import type * as z from "zod/mini";
import { PositionsBody } from "../../shared/adapters/holdfast-api/contract/account.ts";
import { CycleBody } from "../../shared/adapters/holdfast-api/contract/cycle.ts";
import { HealthBody } from "../../shared/adapters/holdfast-api/contract/health.ts";
import { OrdersBody } from "../../shared/adapters/holdfast-api/contract/orders.ts";
import { TradingStateBody } from "../../shared/adapters/holdfast-api/contract/trading-state.ts";
import type { ExitCode, VerbContext, VerbInput } from "../verb.ts";
import { exitCodeOf } from "./exit-code.ts";
import {
  clockTime,
  levelText,
  modeBadge,
  paletteOf,
  profitText,
  span,
  twoDecimals,
  type Palette,
} from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

/** Says in one screen how the system is; the exit code follows trading state and health. */
export const reportStatus = (input: VerbInput, context: VerbContext): Promise<ExitCode> =>
  withApi<ExitCode>(input, context, async (api) => {
    const [health, cycle, positions, orders, trading] = await Promise.all([
      api.read("/api/system/health", HealthBody),
      api.read("/api/cycle", CycleBody),
      api.read("/api/positions", PositionsBody),
      api.read("/api/orders", OrdersBody),
      api.read("/api/trading/state", TradingStateBody),
    ]);
    const status = toStatus({
      health: orFail(health).body,
      cycle: orFail(cycle).body,
      positions: orFail(positions).body,
      orders: orFail(orders).body,
      trading: orFail(trading).body,
    });
    if (input.isJson) context.write(`${JSON.stringify(status)}\n`);
    else context.write(describe(status, paletteOf(context)));
    return exitCodeOf(status.health.level, status.tradingState?.mode);
  });

type Bodies = {
  readonly health: z.infer<typeof HealthBody>;
  readonly cycle: z.infer<typeof CycleBody>;
  readonly positions: z.infer<typeof PositionsBody>;
  readonly orders: z.infer<typeof OrdersBody>;
  readonly trading: z.infer<typeof TradingStateBody>;
};

const toStatus = ({ health, cycle, positions, orders, trading }: Bodies) => ({
  mode: health.mode,
  atMs: cycle.atMs,
  health: { level: health.level, reason: health.reason },
  tradingState: trading.tradingState,
  resumeRequest: trading.resumeRequest,
  reconciliation: positions.reconciliation,
  market: cycle.market,
  lastCycle: cycle.cycle,
  account: positions.account,
  equity: positions.equity,
  realizedProfit: positions.realizedProfit,
  unrealizedProfit: positions.unrealizedProfit,
  positions: positions.positions.length,
  ordersToday: orders.orders.length,
  openOrders: positions.orders.open,
  protectingOrders: positions.orders.protecting,
});

type Status = ReturnType<typeof toStatus>;

const describe = (status: Status, palette: Palette): string => {
  const { health, tradingState, reconciliation } = status;
  const rows: readonly (readonly [string, string])[] = [
    ["Health", `${levelText(health.level, palette)}  ${health.reason}`],
    [
      "Trading",
      tradingState === null
        ? palette.yellow("the account was never opened")
        : tradingText(tradingState, status.atMs, palette),
    ],
    ...resumeRows(status),
    [
      "Reconciled",
      reconciliation === null
        ? "never"
        : levelText(reconciliation.state, palette) + cleanAge(status),
    ],
    ["Market", marketText(status)],
    [
      "Last cycle",
      status.lastCycle === null ? "none yet" : cycleText(status.lastCycle, status.atMs),
    ],
    ["Data", dataText(status, palette)],
    [
      "Account",
      `${status.account}, equity ${twoDecimals(status.equity)} USD, realised ` +
        `${profitText(status.realizedProfit, palette)}, unrealised ${profitText(status.unrealizedProfit, palette)}`,
    ],
    [
      "Orders",
      `${status.openOrders} open, ${status.protectingOrders} protecting, ` +
        `${status.ordersToday} in this session`,
    ],
    ["Positions", status.positions.toString()],
  ];
  const lines = rows.map(([name, text]) => `${palette.dim(name.padEnd(11))} ${text}\n`);
  return `${modeBadge(status.mode, palette)}\n${lines.join("")}`;
};

const tradingText = (
  state: NonNullable<Status["tradingState"]>,
  atMs: number,
  palette: Palette,
): string => {
  const flattening = state.isFlattening ? ", closing everything" : "";
  const since = span(atMs - state.atMs);
  const mode = levelText(state.mode, palette);
  return `${mode}${flattening} for ${since}  ${state.reason} (${state.by})`;
};

/** A wish to resume that waits for a second principal. */
const resumeRows = ({ resumeRequest, atMs }: Status): readonly (readonly [string, string])[] => {
  if (resumeRequest === null) return [];
  const { by, expiresAtMs, snapshotHash, isCurrent } = resumeRequest;
  const left = span(expiresAtMs - atMs);
  const text = isCurrent
    ? `asked for by ${by}, ${left} left; approve with: resume approve ${snapshotHash}`
    : `asked for by ${by}, but something has changed since; ask again`;
  return [["Resume", text]];
};

const cleanAge = ({ reconciliation, atMs }: Status): string =>
  reconciliation === null || reconciliation.cleanAtMs === null
    ? ""
    : `, last clean ${span(atMs - reconciliation.cleanAtMs)} ago`;

const marketText = ({ market, atMs }: Status): string => {
  const { phase, session, nextSession } = market;
  const now = `${clockTime(atMs)} New York`;
  if (phase === "open" && session !== null) {
    return `open, ${now}, closes ${clockTime(session.closesAtMs)} in ${span(session.closesAtMs - atMs)}`;
  }
  const next = phase === "preMarket" && session !== null ? session : nextSession;
  return `${phase}, ${now}, opens ${next.date} ${clockTime(next.opensAtMs)}`;
};

/** A cycle that was skipped polls nothing, whatever was polled before. */
const dataText = ({ lastCycle }: Status, palette: Palette): string => {
  if (lastCycle === null) return "not polled yet";
  const { dataMode, outcome } = lastCycle;
  return dataMode === null
    ? `not polled by the last cycle (${outcome})`
    : levelText(dataMode, palette);
};

const cycleText = (cycle: NonNullable<Status["lastCycle"]>, atMs: number): string =>
  `${cycle.outcome}, ${span(atMs - cycle.closedAtMs)} ago  ${cycle.reason}`;
