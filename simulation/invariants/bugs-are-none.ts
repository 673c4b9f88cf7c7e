import { broken, HOLDS, type Invariant, judgeOf } from "./invariant.ts";

/** What production code throws on purpose; everything else is a mistake in it. */
const ON_PURPOSE = /^(?:RetryableError|TerminalError|LambdaFault|States\.Timeout|Lambda\.\w+): /;

/** (28) Whatever goes wrong outside, no function ends by a mistake of its own. */
export const bugsAreNone: Invariant = {
  name: "bugs-are-none",
  judge: judgeOf(["functionEnded"], (observation) => {
    if (observation.error === undefined) return HOLDS;
    if (ON_PURPOSE.test(observation.error)) return HOLDS;
    const { region, functionName } = observation.actor;
    return broken(`${functionName} of ${region} ended by a mistake: ${observation.error}`);
  }),
};
