import { type ControlCell, protectedBy } from "./control-cell.ts";

/** The orders at the broker, or on their way there, by what they are for. */
export type OrderCounts = {
  /** Entries and exits that may still fill. */
  readonly open: number;
  /** Stops and targets of brackets around what is held. */
  readonly protecting: number;
};

/** Counts the orders that a cell's claims stand for. */
export const countOrders = ({ inFlight }: Pick<ControlCell, "inFlight">): OrderCounts => {
  let [open, protecting] = [0, 0];
  for (const claim of Object.values(inFlight)) {
    if (claim.stage !== "protecting") open += 1;
    // The legs around an entry that has filled nothing are held back, and protect nothing.
    if (protectedBy(claim) > 0) protecting += claim.liveLegIds.length;
  }
  return { open, protecting };
};
