import type { Observation } from "../observation.ts";

type Tending = Extract<
  Observation,
  {
    readonly type:
      | "alertKept"
      | "healingNoted"
      | "tendingWrote"
      | "signedRecordWritten"
      | "configurationDeployed"
      | "outageBegan"
      | "ledgerLost"
      | "ledgerRestored"
      | "restoreRefused";
  }
>;

/** What healing, the probe, alerts and the signed configuration did, in one line. */
export const describeTending = (observation: Tending): string => {
  switch (observation.type) {
    case "alertKept": {
      const { alert, toldAtMs } = observation.record;
      return `remembers ${alert.action} ${alert.key} as ${toldAtMs === null ? "not told" : "told"}`;
    }
    case "healingNoted": {
      const { remedy, subject, outcome, detail } = observation.record;
      return `healing: ${remedy ?? "nobody"} ${subject} ${outcome}: ${detail}`;
    }
    case "tendingWrote":
      return `writes ${observation.partition} of ${observation.table}`;
    case "signedRecordWritten":
      return "the record of what was signed is written";
    case "configurationDeployed":
      return `runs ${observation.isSigned ? "what was signed" : "what nobody signed"}`;
    case "ledgerLost":
      return "the table of the ledger is gone";
    case "ledgerRestored":
      return `the ledger is restored as of ${new Date(observation.asOfMs).toISOString()}`;
    case "restoreRefused":
      return `the restore is refused: ${observation.detail}`;
    case "outageBegan":
      return `${observation.of} is out until ${new Date(observation.untilMs).toISOString()}`;
  }
};
