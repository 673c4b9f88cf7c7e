import { orderRepair, type Remedy } from "./remedy-module.ts";

/** Has the environments of a function remove what is left in their temporary directory. */
export const cleanDisk: Remedy = {
  name: "cleanDisk",
  mends: "diskFull",
  apply: (subject, reach) =>
    orderRepair(
      reach,
      { kind: "cleanDisk", subject },
      `Environments of ${subject} are to clean their temporary directory.`,
    ),
};
