import { orderRepair, type Remedy } from "./remedy-module.ts";

/** Has every environment close its connections to a vendor and open new ones. */
export const resetVendor: Remedy = {
  name: "resetVendor",
  mends: "vendorFailing",
  apply: (subject, reach) =>
    orderRepair(
      reach,
      { kind: "resetVendor", subject },
      `Connections to ${subject} are to be opened anew.`,
    ),
};
