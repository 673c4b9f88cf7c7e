import { moneyToFloat, notional } from "../../shared/domain/market/money.ts";
import { parsePrice } from "../../shared/domain/market/price.ts";
import { parseQuantity } from "../../shared/domain/market/quantity.ts";
import type { WorldEvent } from "../../local/world/world-event.ts";
import { clockTime, levelText, type Palette } from "../reports/text.ts";

/** One line for an event; `undefined` for what only moves the status line. */
export const describeEvent = (event: WorldEvent, palette: Palette): string | undefined => {
  const text = textOf(event, palette);
  return text === undefined ? undefined : `${palette.dim(clockTime(event.atMs))} ${text}`;
};

const textOf = (event: WorldEvent, palette: Palette): string | undefined => {
  switch (event.type) {
    case "orderFilled": {
      const { purpose, side, quantity, symbol, price, reason } = event;
      const what = `${side.padEnd(4)} ${quantity.padStart(4)} ${palette.bold(symbol.padEnd(5))}`;
      const mark = purpose === "entry" ? palette.green("filled ") : palette.cyan("closed ");
      return `${mark} ${what} at ${price.padStart(9)} ${palette.dim(valueOf(price, quantity))} ${reason}`;
    }
    case "orderTrouble":
      return `${palette.yellow(event.what)}  ${palette.bold(event.symbol)}: ${event.reason}`;
    case "healthChanged":
      return `health   ${levelText(event.to, palette)}: ${event.reason}`;
    case "alert": {
      const { action, severity, summary } = event.alert;
      const mark = action === "resolve" ? palette.green("resolved") : palette.red("ALERT   ");
      return `${mark} ${severity}: ${summary}`;
    }
    case "sessionOpened":
      return `${palette.bold("open")}     The session of ${event.date} is open.`;
    case "sessionClosed":
      return `${palette.bold("close")}    The session of ${event.date} is closed.`;
    case "timeSkipped":
      return `skip     Closed hours are skipped; next is the session of ${event.date}.`;
    case "recordingOver":
      return "over     The recorded days are over; the page stays until you stop it.";
    case "reconciled":
      return event.isClean
        ? `${palette.green("clean")}    Ledger and broker agree.`
        : `${palette.yellow("differ")}   ${event.differences.join(" ")}`;
    case "chaos": {
      const { failure, breaks, by, isOver, untilMs } = event;
      if (isOver) return `${palette.green("mended  ")} ${failure} is no longer broken on purpose.`;
      const until = untilMs - event.atMs > 1 ? ` Until ${clockTime(untilMs)}.` : "";
      return `${palette.yellow("BROKEN  ")} on purpose, by ${by}: ${failure}. ${breaks}${until}`;
    }
    case "healing": {
      const isGood = event.outcome === "helped";
      return `${(isGood ? palette.green : palette.cyan)("heal    ")} ${event.outcome}: ${event.detail}`;
    }
    case "fault": {
      const mark = event.isPassing ? palette.yellow("retry   ") : palette.red("fault   ");
      return `${mark} ${event.name}: ${event.detail}`;
    }
    case "orderDenied":
    case "cycle":
      return undefined;
  }
};

/** The dollars that changed hands, for the eye. */
const valueOf = (priceText: string, quantityText: string): string => {
  const price = parsePrice(priceText);
  const quantity = parseQuantity(quantityText);
  if (price === undefined || quantity === undefined) return "";
  return `${moneyToFloat(notional(price, quantity)).toFixed(2)} USD`.padStart(12);
};
