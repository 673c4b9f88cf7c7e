/** The classes of failure of an outside API (S3). */
export type VendorFaultClass = "AUTH_ERROR" | "RATE_LIMIT" | "NETWORK" | "SCHEMA_ERROR" | "UNKNOWN";

/** An outside API failed. Never the same thing as an empty answer. */
export type VendorFault = {
  readonly type: "VendorFault";
  readonly vendor: string;
  readonly class: VendorFaultClass;
  /** A sentence without secrets. */
  readonly detail: string;
  /** When the vendor said to come back, epoch milliseconds. */
  readonly retryAtMs?: number;
};

/** Whether another try may help; authentication and schema errors need a person. */
export const isTransient = (fault: VendorFault): boolean => {
  switch (fault.class) {
    case "RATE_LIMIT":
    case "NETWORK":
    case "UNKNOWN":
      return true;
    case "AUTH_ERROR":
    case "SCHEMA_ERROR":
      return false;
  }
};
