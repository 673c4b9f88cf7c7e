/** Every reason for which the guard refuses an order; the funnel counts them by these names. */
export const DENIAL_REASONS = [
  "alreadyClaimed",
  "entryInFlight",
  "exitInFlight",
  "notActiveRegion",
  "tradingHalted",
  "tradingReducing",
  "notReconciled",
  "outsideSession",
  "intentExpired",
  "quantityInvalid",
  "wrongAccount",
  "priceMissing",
  "quoteStale",
  "quoteUnconfirmed",
  "priceDeviation",
  "referenceMoved",
  "positionSize",
  "notionalPerOrder",
  "portfolioExposure",
  "concentration",
  "directionFlip",
  "shortSelling",
  "cooldown",
  "buyingPower",
  "accountUnknown",
  "accountStale",
  "dailyEntries",
  "tooManyInFlight",
  "cellFull",
  "symbolUnknown",
  "notReducing",
  "entryWorking",
  "protectionWorking",
  "protectionMissing",
  "rejectLatch",
  "limitsInvalid",
] as const;

/** The name of a reason. */
export type DenialReason = (typeof DENIAL_REASONS)[number];

/** One reason with what was seen and what the limit is, in words for the operator. */
export type Denial = { readonly reason: DenialReason; readonly detail: string };
