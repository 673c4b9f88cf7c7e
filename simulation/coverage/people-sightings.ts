import { type Sighting, sighting } from "./sighting.ts";

/** What operators, other traders and companies do. */
export const PEOPLE_SIGHTINGS: readonly Sighting[] = [
  sighting(
    ["cellWritten"],
    "halted-with-entry-working",
    "trading was halted while an entry was claimed or worked",
    ["story 11"],
    (seen) =>
      seen.type === "cellWritten" &&
      typeof seen.before === "object" &&
      seen.before.tradingState.mode !== "halted" &&
      seen.after.tradingState.mode === "halted" &&
      Object.values(seen.before.inFlight).some(
        ({ purpose, stage }) => purpose === "entry" && stage !== "protecting",
      ),
  ),
  sighting(
    ["cellWritten"],
    "flat-proven",
    "everything was closed, the broker showed it, and trading halted",
    ["story 10", "story 11"],
    (seen) =>
      seen.type === "cellWritten" &&
      typeof seen.before === "object" &&
      seen.before.tradingState.isFlattening &&
      seen.after.tradingState.mode === "halted" &&
      !seen.after.tradingState.isFlattening,
  ),
  sighting(
    ["operatorAnswered"],
    "resumed-by-two",
    "trading went on after one had asked and another had approved",
    ["story 11"],
    (seen) =>
      seen.type === "operatorAnswered" && seen.act === "approveResume" && seen.status === 200,
  ),
  sighting(
    ["operatorAnswered"],
    "approval-refused",
    "an approval was refused: the same principal, another snapshot, or not reconciled",
    ["story 11"],
    (seen) =>
      seen.type === "operatorAnswered" &&
      seen.act === "approveResume" &&
      seen.status >= 400 &&
      seen.status < 500,
  ),
  sighting(
    ["cellWritten"],
    "exit-while-reducing",
    "an exit was claimed while entries were not allowed",
    ["defect 4"],
    (seen) =>
      seen.type === "cellWritten" &&
      seen.actor?.functionName === "execute-orders" &&
      typeof seen.before === "object" &&
      seen.before.tradingState.mode === "reducing" &&
      Object.values(seen.after.inFlight).length > Object.values(seen.before.inFlight).length,
  ),
  sighting(
    ["alertRaised"],
    "external-position-named",
    "a position that no order of ours explains stopped entries",
    ["story 3", "story 4"],
    (seen) => seen.type === "alertRaised" && seen.alert.key.endsWith("-externalPosition"),
  ),
  sighting(
    ["alertRaised"],
    "split-recognised",
    "a split was recognised and taken over",
    ["story 15"],
    (seen) => seen.type === "alertRaised" && seen.alert.key.endsWith("-corporateAction"),
  ),
];
