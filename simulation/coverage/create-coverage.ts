import { createFacts } from "../invariants/facts.ts";
import type { ObservationType } from "../observation.ts";
import type { Coverage } from "../seed-run.ts";
import { COVERAGE } from "./coverage-list.ts";

/** Counts what one world comes across, by the names of the coverage list. */
export const createCoverage = (): Coverage => {
  const facts = createFacts();
  const looking = COVERAGE.map(({ name, types, create }) => {
    return { name, types, isSeen: create(), count: 0 };
  });
  const byType = new Map<ObservationType, typeof looking>();
  for (const one of looking) {
    for (const type of one.types) byType.set(type, [...(byType.get(type) ?? []), one]);
  }
  return {
    observe: (observation) => {
      for (const one of byType.get(observation.type) ?? []) {
        if (one.isSeen(observation, facts)) one.count += 1;
      }
      facts.note(observation);
    },
    counts: () => Object.fromEntries(looking.map(({ name, count }) => [name, count])),
  };
};
