import type { OrderWitness } from "../replay/order-witness.ts";
import type { WorldSeams } from "./world-seams.ts";

/**
 * Seats a witness on the world's ledger and on its exchange's journal, which goes on being kept.
 */
export const witnessSeams = (
  witness: OrderWitness,
): Pick<WorldSeams, "watchLedger" | "watchJournal"> => ({
  watchLedger: witness.watch,
  watchJournal: (journal) => ({
    load: journal.load,
    commit: (change) => {
      // What is to be seen is seen before it can be lost.
      witness.journal.commit(change);
      journal.commit(change);
    },
  }),
});
