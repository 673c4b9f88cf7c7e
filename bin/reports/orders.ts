import { OrdersBody } from "../../shared/adapters/holdfast-api/contract/orders.ts";
import type { OrderStateName } from "../../shared/domain/orders/order.ts";
import { usageFault, type ExitCode, type VerbContext, type VerbInput } from "../verb.ts";
import { clockTime, levelText, modeBadge, paletteOf, table, type Palette } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

/** Lists the session's orders, filtered and bounded as asked. */
export const reportOrders = (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  const filter = readFilter(input);
  return withApi<ExitCode>(input, context, async (api) => {
    const { body } = orFail(await api.read("/api/orders", OrdersBody));
    const matching = body.orders.filter(
      (order) =>
        (filter.symbol === undefined || order.symbol === filter.symbol) &&
        (filter.state === undefined || order.state.toLowerCase() === filter.state),
    );
    const orders = matching.slice(0, filter.limit);
    if (input.isJson) {
      context.write(`${JSON.stringify({ ...body, orders })}\n`);
      return 0;
    }
    const palette = paletteOf(context);
    const more = matching.length > orders.length ? `, the newest ${orders.length} shown` : "";
    const count = `${matching.length} ${matching.length === 1 ? "order" : "orders"}`;
    context.write(
      `${modeBadge(body.mode, palette)} Session ${body.sessionDate}: ${count}${more}\n`,
    );
    const [newest] = orders;
    if (newest !== undefined) {
      context.write(
        table(
          COLUMNS,
          orders.map((order) => toRow(order, palette)),
          palette,
        ),
      );
      // The table has no room for ids, which `explain` asks for.
      context.write(palette.dim(`The newest, step by step: explain ${newest.clientOrderId}\n`));
    }
    return 0;
  });
};

const readFilter = ({ options }: VerbInput) => {
  const limit = Number(options["limit"]);
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) {
    throw usageFault("--limit takes a whole number from 1 to 500.");
  }
  const state = options["state"]?.toString().toLowerCase();
  if (state !== undefined && !STATES.some((name) => name.toLowerCase() === state)) {
    throw usageFault(`--state takes ${STATES.join(", ")}, not ${String(options["state"])}.`);
  }
  return { limit, symbol: options["symbol"]?.toString().toUpperCase(), state };
};

const STATES = Object.keys({
  new: true,
  denied: true,
  claimed: true,
  acknowledged: true,
  rejected: true,
  unknown: true,
  notSent: true,
  orphaned: true,
  partiallyFilled: true,
  filled: true,
  cancelled: true,
  expired: true,
  replaced: true,
} satisfies Record<OrderStateName, true>);

type Order = (typeof OrdersBody)["_zod"]["output"]["orders"][number];

const toRow = (order: Order, palette: Palette): readonly string[] => [
  clockTime(order.decidedAtMs),
  palette.bold(order.symbol),
  `${order.purpose} ${order.side}`,
  order.filled === "0" || order.filled === order.quantity
    ? order.quantity
    : `${order.filled}/${order.quantity}`,
  order.averagePrice ?? order.limitPrice ?? "market",
  levelText(order.state, palette),
  [order.decision, ...order.reasons].join("; "),
];

const COLUMNS = [
  { title: "TIME", align: "left" },
  { title: "SYMBOL", align: "left" },
  { title: "ORDER", align: "left" },
  { title: "SHARES", align: "right" },
  { title: "PRICE", align: "right" },
  { title: "STATE", align: "left" },
  { title: "WHY", align: "left" },
] as const;
