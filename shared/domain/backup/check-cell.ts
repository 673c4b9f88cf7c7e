import { canonicalJson } from "../canonical-json.ts";
import type { ControlCell } from "../risk/control-cell.ts";
import { type BackupFlaw, flawOf } from "./backup-flaw.ts";
import type { FoldedFills } from "./check-positions.ts";

/**
 * Checks that a cell keeps to its own limits, as far as no price and no later change of them plays
 * a part: their digest, orders that are not settled, and short positions where none may be sold.
 */
export const checkCell = (
  cell: ControlCell,
  accepted: FoldedFills,
  digest: (text: string) => string,
): readonly BackupFlaw[] => {
  const { account, limits, limitsDigest, inFlight, holdings } = cell;
  const file = `cell#${account}`;
  const unsettled = Object.values(inFlight).filter(({ stage }) => stage !== "protecting").length;
  // Exits have as much room again, and one more.
  const most = 2 * limits.maxInFlight + 1;
  const isDigestRight = limitsDigest === "" || limitsDigest === digest(canonicalJson(limits));
  const shorts = Object.entries(holdings).filter(
    ([symbol, { quantity }]) =>
      !limits.allowShortSelling && quantity < 0 && accepted[symbol] === undefined,
  );
  return [
    ...(isDigestRight
      ? []
      : [flawOf("meaning", file, "The limits of the cell are not those that their digest names.")]),
    ...(unsettled <= most
      ? []
      : [flawOf("meaning", file, `${unsettled} orders are unsettled, and ${most} may be.`)]),
    ...shorts.map(([symbol]) =>
      flawOf("meaning", `holding ${symbol}`, `${symbol} is held short, which the limits forbid.`),
    ),
  ];
};
