import { orderRepair, type Remedy } from "./remedy-module.ts";

/** Has the environments of a function that leak end themselves behind their next answer. */
export const retireEnvironment: Remedy = {
  name: "retireEnvironment",
  mends: "environmentLeaking",
  apply: (subject, reach) =>
    orderRepair(
      reach,
      { kind: "retireEnvironment", subject },
      `Environments of ${subject} that leak are to end.`,
    ),
};
