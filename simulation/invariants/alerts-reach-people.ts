import type { Observation } from "../observation.ts";
import { broken, type Finding, HOLDS, type Invariant, judgeBy } from "./invariant.ts";

/** The topic tries a page again for three minutes; behind that an alarm says that pages fail. */
const PAGED_WITHIN_MS = 10 * 60_000;

type Raised = Extract<Observation, { type: "alertRaised" }>;

/**
 * (22) Alerts reach people: nothing is remembered as told that was not handed to the topic before;
 * what was handed over pages somebody, or an alarm tells that pages fail; and once faults have
 * stopped nothing is left that nobody was told of.
 */
export const createAlertsReachPeople = (): Invariant => {
  const raised = new Set<string>();
  const unpaged = new Map<string, Raised>();
  const untold = new Set<string>();
  const failing = new Set<string>();
  return {
    name: "alerts-reach-people",
    judge: judgeBy({
      alertRaised: (observation) => {
        const { region, alert } = observation;
        if (alert.key.includes("failed-alerts")) failing.add(region);
        raised.add(`${region} ${alert.key} ${alert.action} ${alert.atMs}`);
        // What comes later of an incident says all that was to be said of it before.
        unpaged.set(`${region} ${alert.key}`, observation);
        return HOLDS;
      },
      paged: ({ region, alert }) => {
        unpaged.delete(`${region} ${alert.key}`);
        return HOLDS;
      },
      alertKept: ({ actor, record }) => {
        const { key, action, atMs } = record.alert;
        const name = `${actor.region} ${key}`;
        if (record.toldAtMs === null) {
          untold.add(name);
          return HOLDS;
        }
        untold.delete(name);
        return raised.has(`${name} ${action} ${atMs}`)
          ? HOLDS
          : broken(`The alert ${key} counts as told, and nobody was.`);
      },
    }),
    judgeEnd: ({ view }, mode) => [
      ...[...unpaged.values()].flatMap(({ region, alert, atMs }): readonly Finding[] =>
        failing.has(region) || view.nowMs - atMs <= PAGED_WITHIN_MS
          ? []
          : [{ detail: `The alert ${alert.key} of ${region} paged nobody.` }],
      ),
      ...(mode === "safety"
        ? []
        : [...untold].map((name) => ({ detail: `Nobody was told of ${name}.` }))),
    ],
  };
};
