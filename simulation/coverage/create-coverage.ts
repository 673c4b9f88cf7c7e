import { createFacts } from "../invariants/facts.ts";
import type { Coverage } from "../seed-run.ts";
import { COVERAGE } from "./coverage-list.ts";

/** Counts what one world comes across, by the names of the coverage list. */
export const createCoverage = (): Coverage => {
  const facts = createFacts();
  const looking = COVERAGE.map(({ name, create }) => ({ name, isSeen: create(), count: 0 }));
  return {
    observe: (observation) => {
      for (const one of looking) if (one.isSeen(observation, facts)) one.count += 1;
      facts.note(observation);
    },
    counts: () => Object.fromEntries(looking.map(({ name, count }) => [name, count])),
  };
};
