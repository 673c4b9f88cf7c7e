import { canonicalJson } from "../canonical-json.ts";
import type { ControlCell } from "../risk/control-cell.ts";
import { type BackupFlaw, flawOf } from "./backup-flaw.ts";

/**
 * Checks that a cell keeps to its own limits, as far as no price, no later change of them and no
 * misfortune at the broker plays a part: their digest, and how many orders are not settled.
 */
export const checkCell = (
  cell: ControlCell,
  digest: (text: string) => string,
): readonly BackupFlaw[] => {
  const { account, limits, limitsDigest, inFlight } = cell;
  const file = `cell#${account}`;
  const unsettled = Object.values(inFlight).filter(({ stage }) => stage !== "protecting").length;
  // Exits have as much room again, and one more.
  const most = 2 * limits.maxInFlight + 1;
  const isDigestRight = limitsDigest === "" || limitsDigest === digest(canonicalJson(limits));
  return [
    ...(isDigestRight
      ? []
      : [flawOf("meaning", file, "The limits of the cell are not those that their digest names.")]),
    ...(unsettled <= most
      ? []
      : [flawOf("meaning", file, `${unsettled} orders are unsettled, and ${most} may be.`)]),
  ];
};
