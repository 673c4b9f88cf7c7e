import { PositionsBody } from "../../shared/adapters/holdfast-api/contract/account.ts";
import type { ExitCode, VerbContext, VerbInput } from "../verb.ts";
import { modeBadge, paletteOf, profitText, span, table, twoDecimals } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

/** Lists the open positions. */
export const reportPositions = (input: VerbInput, context: VerbContext): Promise<ExitCode> =>
  withApi<ExitCode>(input, context, async (api) => {
    const { body, text } = orFail(await api.read("/api/positions", PositionsBody));
    if (input.isJson) {
      context.write(`${text}\n`);
      return 0;
    }
    const palette = paletteOf(context);
    const rows = body.positions.map((position) => [
      palette.bold(position.symbol),
      position.quantity,
      position.averagePrice,
      position.lastPrice ?? "-",
      twoDecimals(position.marketValue),
      profitText(position.unrealizedProfit, palette),
      position.lastPriceAgeMs === null ? "-" : span(position.lastPriceAgeMs),
    ]);
    const total = profitText(body.unrealizedProfit, palette);
    context.write(
      `${modeBadge(body.mode, palette)} Account ${body.account}, equity ${twoDecimals(body.equity)} USD, ` +
        `unrealised ${total}, realised today ${profitText(body.realizedProfit, palette)}\n`,
    );
    context.write(rows.length === 0 ? "Nothing is held.\n" : table(COLUMNS, rows, palette));
    return 0;
  });

const COLUMNS = [
  { title: "SYMBOL", align: "left" },
  { title: "SHARES", align: "right" },
  { title: "AVERAGE", align: "right" },
  { title: "LAST", align: "right" },
  { title: "VALUE", align: "right" },
  { title: "UNREALISED", align: "right" },
  { title: "PRICE AGE", align: "right" },
] as const;
