import type { Evidence } from "../domain/health/evidence.ts";
import type { VendorFault } from "../ports/vendor-fault.ts";

/** Which failures of a vendor only a person can cure, as evidence names them; null for others. */
export const faultKindOf = (fault: VendorFault): Evidence["fault"] => {
  switch (fault.class) {
    case "AUTH_ERROR":
      return "configuration";
    case "SCHEMA_ERROR":
      return "schema";
    case "RATE_LIMIT":
    case "NETWORK":
    case "UNKNOWN":
      return null;
  }
};
