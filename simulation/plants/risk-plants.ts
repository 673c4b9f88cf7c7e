import type { Plant } from "./plant.ts";

const GUARD = "shared/domain/risk/guard.ts";
const AUTHORITY = "shared/domain/risk/guard/check-authority.ts";
const ENTRY_STATE = "shared/domain/risk/guard/check-entry-state.ts";
const STATE = "shared/domain/risk/trading-state.ts";
const CHANGE = "shared/domain/risk/change-cell.ts";
const PROGRESS = "shared/domain/risk/progress-claim.ts";

/** Mistakes in what is allowed, in who may act, and in counting. */
export const RISK_PLANTS: readonly Plant[] = [
  {
    name: "fence-not-checked",
    file: AUTHORITY,
    find: "  if (cell.activeRegion !== input.region) {",
    replace: `  if (cell.activeRegion === "") {`,
    why: "A Region that lost the account goes on claiming orders in the new epoch.",
  },
  {
    name: "fence-not-checked-when-settling",
    file: "shared/use-cases/update-cell.ts",
    find: "    if (cell.epoch === loaded.epoch) return change(cell);",
    replace: "    if (cell.epoch >= loaded.epoch) return change(cell);",
    why: "The old Region books into the cell of the new one.",
  },
  {
    name: "takeover-without-new-epoch",
    file: CHANGE,
    find: "    epoch: cell.epoch + 1,",
    replace: "    epoch: cell.epoch,",
    why: "Nothing tells the old Region's writes from the new one's.",
  },
  {
    name: "takeover-trades-at-once",
    file: CHANGE,
    find: `            mode: "reducing",`,
    replace: `            mode: "active",`,
    why: "The new Region enters before it knows what the old one left.",
  },
  {
    name: "takeover-stays-clean",
    file: CHANGE,
    find: `    reconciliation: { ...cell.reconciliation, state: "unverified" },
    resumeRequest: null,`,
    replace: "    resumeRequest: null,",
    why: "The old Region's agreement with the broker is taken for the new one's.",
  },
  {
    name: "claim-of-another-taken-for-own",
    file: "shared/use-cases/claim-intent.ts",
    find: "    if (claim?.claimId === claimId) {",
    replace: "    if (claim !== undefined) {",
    why: "Of two deliveries at once both send: the second under the first one's claim.",
  },
  {
    name: "cooldown-ignored-on-redelivery",
    file: ENTRY_STATE,
    find: "  if (lastEntryAtMs !== null && nowMs - lastEntryAtMs < coolDownMs) {",
    replace: `  const isFresh = nowMs - intent.decidedAtMs < 5_000;
  if (isFresh && lastEntryAtMs !== null && nowMs - lastEntryAtMs < coolDownMs) {`,
    why: "A message that comes late enters again right behind another entry.",
  },
  {
    name: "limits-without-working-orders",
    file: "shared/domain/risk/exposure.ts",
    find: "      entryReserve += notional(claim.price, remaining);",
    replace: "",
    why: "Only what has filled counts against the portfolio's limit.",
  },
  {
    name: "entries-while-reducing",
    file: ENTRY_STATE,
    find: `  if (cell.tradingState.mode === "reducing") {`,
    replace: `  if (cell.tradingState.isFlattening) {`,
    why: "Entries are sent although only exits are allowed.",
  },
  {
    name: "halt-not-checked",
    file: AUTHORITY,
    find: `  if (cell.tradingState.mode === "halted") {`,
    replace: `  if (cell.tradingState.reason === "") {`,
    why: "Orders are sent while trading is halted.",
  },
  {
    name: "reconciliation-not-checked",
    file: ENTRY_STATE,
    find: `  if (cell.reconciliation.state !== "clean") {`,
    replace: `  if (cell.reconciliation.state === "never") {`,
    why: "It says that it refuses to trade until it agrees with the broker, and trades.",
  },
  {
    name: "exits-stopped-by-cooldown",
    file: GUARD,
    find: `  if (intent.purpose === "exit") {
    return {`,
    replace: `  if (intent.purpose === "exit") {
    checkEntryState(input, exposure, deny);
    return {`,
    why: "What stops entries stops exits: a position cannot be left.",
  },
  {
    name: "exit-blocked-by-halt",
    file: STATE,
    find: `    return restrict(cell, "reducing", change, { isFlattening: true, suspendAtBroker });`,
    replace: `    return restrict(cell, "halted", change, { isFlattening: true, suspendAtBroker });`,
    why: "Closing everything stops the very exits that it needs.",
  },
  {
    name: "resume-by-one",
    file: STATE,
    find: `  if (approval.by === request.by) return err({ type: "SamePrincipal", principal: request.by });
`,
    replace: "",
    why: "One person alone lets a halted system trade again.",
  },
  {
    name: "clean-despite-differences",
    file: "shared/domain/reconciliation/reconcile-account.ts",
    find: "  const marked = isClean ? markClean(observed, seen.atMs) : markUnverified(observed);",
    replace: "  const marked = markClean(observed, seen.atMs);",
    why: "Entries go on, and people resume, while ledger and broker differ.",
  },
  {
    name: "fills-added",
    file: PROGRESS,
    find: "    filled: isNewer ? report.cumulativeFilled : claim.filled,",
    replace: `    filled: isNewer
      ? ((claim.filled + report.cumulativeFilled) as typeof claim.filled)
      : claim.filled,`,
    why: "Cumulative quantities are added as if they were increments.",
  },
  {
    name: "bracket-close-not-booked",
    file: PROGRESS,
    find: "    closed: isMore ? closing.quantity : claim.closed,",
    replace: "    closed: claim.closed,",
    why: "A stop has closed a position at the broker, and the ledger holds it for ever.",
  },
  {
    name: "protection-forgotten",
    file: PROGRESS,
    find: "  const isDone = report.isOver && liveLegIds.length === 0;",
    replace: "  const isDone = report.isOver;",
    why: "A bracket works at the broker and nobody knows of it.",
  },
];
