import type { Explanation } from "../../simulation/batch/seed-task.ts";
import type { SimulateRequest } from "./read-simulate.ts";

/** The one line that runs a failing seed again, with as few faults as still make it fail. */
export const replayCommand = (
  request: SimulateRequest,
  seed: number,
  explanation?: Pick<Explanation, "isShrunk" | "faults">,
): string => {
  const { days, mode, faultKinds, onlyFaults, configurationPath } = request;
  const numbers =
    explanation?.isShrunk === true
      ? explanation.faults.map(({ number }) => number)
      : onlyFaults === undefined
        ? undefined
        : [...onlyFaults];
  return [
    "npm run holdfast -- simulate",
    `--seed ${seed}`,
    `--days ${days}`,
    `--mode ${mode}`,
    ...(faultKinds === undefined ? [] : [`--faults ${faultKinds.join(",")}`]),
    ...(numbers === undefined ? [] : [`--only-faults=${numbers.join(",") || "none"}`]),
    ...(configurationPath === undefined ? [] : [`--config ${configurationPath}`]),
  ].join(" ");
};
