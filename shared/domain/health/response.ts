/**
 * What the system does while a component is not well, in one sentence for the person who looks;
 * whatever it is, it only takes risk away. For a component that nobody knows: that nothing is done.
 */
export const responseOf = (component: string): string => RESPONSES[component] ?? NOTHING;

const NOTHING = "Nothing is done by itself; a person has been told.";

const RESPONSES: Readonly<Record<string, string>> = {
  "trading-cycle":
    "Without a cycle nothing is entered; brackets at the broker protect what is held, and the next minute tries again.",
  "market-data":
    "Other vendors stand in. Nothing is entered without two that agree; exits use the last known prices.",
  "score-signals": "Nothing is scored, so nothing is entered; brackets stay at the broker.",
  "execute-orders":
    "Orders wait in their queue: exits go first, entries that grow old are dropped.",
  "reconcile-orders": "Entries stay off until ledger and broker were compared again.",
  ledger: "No claim, no order. Reading goes on, positions keep their brackets.",
  broker:
    "No order is sent; brackets work at the broker by themselves, and what is unknown is asked for each minute.",
  "keep-lease": "The other Region takes over where the lease is not renewed.",
  flow: "Scores fade as the flow grows old, and stale flow allows no entry; it is fetched again.",
  activity: "Nothing: trading more would be no cure. The funnel says what stops entries.",
  configuration: "Entries stop, and what was signed is put back.",
  probe: "What the probe could not reach is looked for, and mended where that is allowed.",
  "peer-region": "This Region goes on alone.",
  notify: "Alerts are kept, and told again until they are taken.",
  "aggregate-health": "Trading goes on; the alarm of the function itself has paged.",
};
