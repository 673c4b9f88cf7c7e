/** The classes of what ledger and broker may differ in. */
export type DifferenceType =
  | "externalPosition"
  | "corporateAction"
  | "averagePrice"
  | "cash"
  | "orphanOrder"
  | "externalOrder"
  | "orderDiffers"
  | "unlistedStatus"
  | "lostOrder"
  | "unreadableOrder"
  | "historyUnreadable"
  | "accountBlocked";

/** Something in which ledger and broker do not agree. */
export type Difference = {
  readonly type: DifferenceType;
  /** One sentence for the operator. */
  readonly detail: string;
};

/**
 * What a difference demands. `adopted`: the broker's word was taken over, a person is told.
 * `blocksEntries`: no entry until it is gone, which it may be by itself. `reduce`: exits only, and
 * people decide. `halt`: nothing at all.
 */
export type DifferenceResponse = "adopted" | "blocksEntries" | "reduce" | "halt";

/** How each class of difference is answered. */
export const responseTo = (type: DifferenceType): DifferenceResponse => {
  switch (type) {
    case "corporateAction":
    case "averagePrice":
    case "cash":
      return "adopted";
    case "orphanOrder":
    case "externalOrder":
    case "unlistedStatus":
    case "unreadableOrder":
    case "historyUnreadable":
    case "accountBlocked":
      return "blocksEntries";
    case "externalPosition":
    case "lostOrder":
      return "reduce";
    case "orderDiffers":
      return "halt";
  }
};
