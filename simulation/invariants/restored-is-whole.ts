import { parseClientOrderId } from "../../shared/domain/orders/client-order-id.ts";
import type { Observation } from "../observation.ts";
import { claimsMade } from "./facts.ts";
import { broken, type Finding, HOLDS, type Invariant, judgeBy, type Scene } from "./invariant.ts";

/**
 * (25) What is restored is whole, and trades only then: a chain of backups without a flaw is never
 * refused; the restored cell has an epoch above every one before it and lets no entry through; none
 * is claimed until a clean reconciliation, by which every order of ours at the broker has its history.
 */
export const createRestoredIsWhole = (): Invariant => {
  let epochMax = 0;
  let awaitsClean = false;
  return {
    name: "restored-is-whole",
    judge: judgeBy({
      restoreRefused: ({ detail }) => broken(`A restore was refused: ${detail}`),
      ledgerRestored: ({ cell }) => {
        awaitsClean = true;
        if (cell === undefined) return HOLDS;
        const findings: Finding[] = [];
        if (cell.epoch <= epochMax) {
          findings.push({ detail: `A restored cell has epoch ${cell.epoch} again.` });
        }
        if (cell.tradingState.mode === "active") {
          findings.push({ detail: "A restored cell lets entries through at once." });
        }
        return findings;
      },
      cellWritten: (observation, scene) => {
        const { before, after } = observation;
        epochMax = Math.max(epochMax, after.epoch);
        if (!awaitsClean) return HOLDS;
        const findings = [...entriesOf(observation)];
        const isClean =
          after.reconciliation.state === "clean" &&
          (typeof before !== "object" || before.reconciliation.state !== "clean");
        if (!isClean) return findings;
        awaitsClean = false;
        return [...findings, ...judgeClean(scene)];
      },
    }),
  };
};

const judgeClean = ({ view }: Scene): readonly Finding[] => {
  const query = { status: "all", limit: 10_000, direction: "asc" } as const;
  return view.exchange.listOrders(query).flatMap(({ clientOrderId, parentId }) => {
    const isOurs = parentId === undefined && parseClientOrderId(clientOrderId) !== undefined;
    return isOurs && view.eventsOf(clientOrderId).length === 0
      ? broken("Clean behind a restore, with an order that no history tells of.", clientOrderId)
      : HOLDS;
  });
};

const entriesOf = ({
  before,
  after,
  actor,
}: Extract<Observation, { type: "cellWritten" }>): readonly Finding[] => {
  if (actor?.functionName !== "execute-orders" || typeof before !== "object") return HOLDS;
  return claimsMade(before, after)
    .filter(({ purpose }) => purpose === "entry")
    .map(({ clientOrderId }) => ({
      detail: "An entry was claimed behind a restore, before ledger and broker agreed.",
      clientOrderId,
    }));
};
