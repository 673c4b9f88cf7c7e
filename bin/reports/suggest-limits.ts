import { ConfigurationBody } from "../../shared/adapters/holdfast-api/contract/configuration.ts";
import { OrdersBody } from "../../shared/adapters/holdfast-api/contract/orders.ts";
import type { HoldfastApi } from "../../shared/adapters/holdfast-api/client.ts";
import { previousSession } from "../../shared/domain/market/calendar.ts";
import { parseSessionDate, type SessionDate } from "../../shared/domain/market/session-date.ts";
import {
  suggestLimits,
  type LimitSuggestion,
  type OrderSeen,
} from "../../shared/domain/risk/suggest-limits.ts";
import { requireConfiguration } from "../read-configuration.ts";
import type { ExitCode, VerbContext, VerbInput } from "../verb.ts";
import { paletteOf, modeBadge, table } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

const SESSIONS = 10;

/** Says what the orders of the last ten sessions say about the file's limits; changes nothing. */
export const reportSuggestions = (input: VerbInput, context: VerbContext): Promise<ExitCode> =>
  withApi<ExitCode>(input, context, async (api) => {
    const file = String(input.options["config"]);
    const { limits } = requireConfiguration(file, context.environment);
    const { body } = orFail(await api.read("/api/configuration", ConfigurationBody));
    const orders = await readOrders(api);
    const suggestions = suggestLimits(orders, limits);
    if (input.isJson) {
      const { mode } = body;
      context.write(`${JSON.stringify({ mode, orders: orders.length, suggestions })}\n`);
      return 0;
    }
    const palette = paletteOf(context);
    const badge = modeBadge(body.mode, palette);
    context.write(`${badge} ${orders.length} orders of the last ${SESSIONS} sessions.\n`);
    context.write(table(COLUMNS, suggestions.map(toRow), palette));
    context.write("Nothing is applied: a limit is changed in the file, by a person, and signed.\n");
    return 0;
  });

const readOrders = async (api: HoldfastApi): Promise<readonly OrderSeen[]> => {
  const seen: OrderSeen[] = [];
  // Whoever answers says what day it is: a simulated world has days of its own.
  const today = orFail(await api.read("/api/orders", OrdersBody)).body.sessionDate;
  for (const sessionDate of lastSessions(today)) {
    const path = `/api/orders?session=${sessionDate}`;
    const { body } = orFail(await api.read(path, OrdersBody));
    for (const order of body.orders) {
      const { symbol, purpose, limitPrice, quantity, decidedAtMs, state, reasons } = order;
      seen.push({
        sessionDate,
        symbol,
        isEntry: purpose === "entry",
        notionalUsd: limitPrice === null ? null : Number(limitPrice) * Number(quantity),
        decidedAtMs,
        denials: state === "denied" ? reasons.map((reason) => reason.split(":")[0] ?? "") : [],
      });
    }
  }
  return seen;
};

const lastSessions = (today: string): readonly SessionDate[] => {
  let date = parseSessionDate(today);
  const dates: SessionDate[] = [];
  while (date !== undefined && dates.length < SESSIONS) {
    dates.push(date);
    date = previousSession(date).date;
  }
  return dates;
};

const toRow = ({ limit, current, usual, denied, suggested }: LimitSuggestion): string[] => [
  limit,
  String(current),
  usual === null ? "too little seen" : usual.toFixed(0),
  String(denied),
  suggested === null ? "" : String(suggested),
];

const COLUMNS = [
  { title: "LIMIT", align: "left" },
  { title: "NOW", align: "right" },
  { title: "99 OF 100", align: "right" },
  { title: "DENIED", align: "right" },
  { title: "COULD BE", align: "right" },
] as const;
