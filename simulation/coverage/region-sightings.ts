import { type Sighting, sighting } from "./sighting.ts";

/** What happens to Regions, functions, queues and schedules. */
export const REGION_SIGHTINGS: readonly Sighting[] = [
  sighting(
    ["takeover"],
    "takeover-with-order-in-flight",
    "a Region took over while an order was claimed or unknown",
    [],
    (seen, facts) =>
      seen.type === "takeover" &&
      Object.values(facts.cell()?.inFlight ?? {}).some(({ stage }) => stage !== "protecting"),
  ),
  {
    name: "partial-fill-during-failover",
    meaning: "an order filled in part between a takeover and the first clean reconciliation",
    types: ["brokerFill", "cellWritten", "takeover"],
    failures: ["story 9"],
    create: () => {
      let isFailingOver = false;
      return (seen) => {
        if (seen.type === "takeover") isFailingOver = true;
        if (seen.type === "cellWritten" && seen.after.reconciliation.state === "clean") {
          isFailingOver = false;
        }
        return isFailingOver && seen.type === "brokerFill" && seen.fill.leavesQuantity > 0;
      };
    },
  },
  {
    name: "zombie-fenced",
    meaning: "a function that went on after its time-out was stopped by the fence",
    types: ["cellWriteRefused", "zombieWentOn"],
    failures: [],
    create: () => {
      const zombies = new Set<number>();
      return (seen) => {
        if (seen.type === "zombieWentOn") zombies.add(seen.actor.invocation);
        return seen.type === "cellWriteRefused" && zombies.has(seen.actor.invocation);
      };
    },
  },
  sighting(
    ["cellWriteRefused"],
    "stale-epoch-refused",
    "a write of an older epoch was refused by the ledger",
    [],
    (seen) =>
      seen.type === "cellWriteRefused" &&
      typeof seen.current === "object" &&
      seen.current.epoch > seen.expected.epoch,
  ),
  {
    name: "half-open-relapse",
    meaning: "a breaker that had let probes through opened again",
    types: ["breakerWritten"],
    failures: ["story 5"],
    create: () => {
      const halfOpen = new Set<string>();
      return (seen) => {
        if (seen.type !== "breakerWritten") return false;
        const key = `${seen.actor.region} ${seen.name}`;
        if (seen.breaker.state === "halfOpen") halfOpen.add(key);
        const isRelapse = seen.breaker.state === "open" && seen.breaker.reason === "probeFailed";
        return isRelapse || (halfOpen.delete(key) && seen.breaker.state === "open");
      };
    },
  },
  sighting(
    ["cellWritten"],
    "lease-lost",
    "a Region took over because the other one stopped renewing",
    ["defect 6"],
    (seen) =>
      seen.type === "cellWritten" &&
      seen.actor?.functionName === "keep-lease" &&
      typeof seen.before === "object" &&
      seen.before.activeRegion !== seen.after.activeRegion,
  ),
  sighting(
    ["regionIsolated"],
    "region-isolated",
    "the ledger did not answer a Region",
    ["story 2"],
    (seen) => seen.type === "regionIsolated",
  ),
  sighting(
    ["functionStarted"],
    "restart-while-holding",
    "a function started afresh while shares were held",
    ["story 4"],
    (seen, facts) =>
      seen.type === "functionStarted" &&
      seen.isColdStart &&
      Object.values(facts.cell()?.holdings ?? {}).some(({ quantity }) => quantity !== 0),
  ),
  sighting(
    ["functionKilled"],
    "killed-under-claim",
    "a function was killed while its claim was not settled",
    ["story 1"],
    (seen, facts) =>
      seen.type === "functionKilled" &&
      seen.actor.functionName === "execute-orders" &&
      Object.values(facts.cell()?.inFlight ?? {}).some(({ stage }) => stage === "claimed"),
  ),
  sighting(
    ["messageDeadLettered"],
    "dead-letter-used",
    "a message was given up and kept aside",
    ["defect 14"],
    (seen) => seen.type === "messageDeadLettered",
  ),
  sighting(
    ["messageDelivered"],
    "message-delivered-again",
    "a message was delivered more than once",
    ["story 7"],
    (seen) => seen.type === "messageDelivered" && seen.receiveCount > 1,
  ),
  sighting(
    ["cellWritten"],
    "corrupt-cell-rebuilt",
    "a damaged cell was rebuilt from histories and broker",
    [],
    (seen) => seen.type === "cellWritten" && seen.before === "damaged",
  ),
  sighting(
    ["alertRaised"],
    "health-not-ok",
    "health was announced as degraded or failed",
    ["defect 6"],
    (seen) =>
      seen.type === "alertRaised" &&
      seen.alert.action === "trigger" &&
      seen.alert.key.startsWith("system-health"),
  ),
  sighting(
    ["alertRaised"],
    "health-ok-again",
    "an incident of the system's health was resolved",
    ["defect 6"],
    (seen) =>
      seen.type === "alertRaised" &&
      seen.alert.action === "resolve" &&
      seen.alert.key.startsWith("system-health"),
  ),
];
