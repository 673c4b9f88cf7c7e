import type { Plant } from "./plant.ts";

const GUARD = "shared/domain/risk/guard.ts";
const AUTHORITY = "shared/domain/risk/guard/check-authority.ts";
const ENTRY_STATE = "shared/domain/risk/guard/check-entry-state.ts";
const STATE = "shared/domain/risk/trading-state.ts";
const CHANGE = "shared/domain/risk/change-cell.ts";
const CLAIM_ORDER = "shared/domain/risk/claim-order.ts";
const RECONCILE = "shared/domain/reconciliation/reconcile-account.ts";
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
    name: "takeover-lifts-halt",
    file: CHANGE,
    find: `      cell.tradingState.mode === "active"
        ? {`,
    replace: `      cell.tradingState.mode !== "reducing"
        ? {`,
    why: "What somebody has halted trades again in the other Region, and nobody has resumed it.",
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
    name: "reserved-at-nothing",
    file: CLAIM_ORDER,
    find: "  price,\n  stage",
    replace: "  price: 0 as typeof price,\n  stage",
    why: "What is reserved counts for nothing against any limit in money.",
  },
  {
    name: "entries-not-counted",
    file: CLAIM_ORDER,
    find: "        entries: day.entries + (isEntry ? 1 : 0),",
    replace: "        entries: day.entries,",
    why: "The limit of a day's entries is never reached.",
  },
  {
    name: "equity-read-double",
    file: RECONCILE,
    find: "  const reading = { equity, cash, buyingPower, observedAtMs: seen.atMs };",
    replace: `  const twice = (2 * equity) as typeof equity;
  const reading = { equity: twice, cash, buyingPower, observedAtMs: seen.atMs };`,
    why: "Every limit that is a share of the account allows twice of it.",
  },
  {
    name: "loss-limit-ignored",
    file: "shared/domain/risk/observe-account.ts",
    find: "  return reason === undefined\n",
    replace: `  return reason === undefined || reason !== ""\n`,
    why: "The day loses more than its limit, and entries go on.",
  },
  {
    name: "latch-never-closes",
    file: "shared/domain/risk/reject-latch.ts",
    find: "one.count >= limits.rejectsToLatch",
    replace: "one.count < 0",
    why: "An order that the broker refuses is sent all day long.",
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
    name: "exits-without-room-of-their-own",
    file: AUTHORITY,
    find: `  const room = intent.purpose === "exit" ? EXITS_ROOM : 0;`,
    replace: "  const room = 0;",
    why: "Entries whose fate is open keep every exit of the account from being sent.",
  },
  {
    name: "exit-blocked-by-halt",
    file: STATE,
    find: `    return restrict(cell, "reducing", change, { isFlattening: true, suspendAtBroker });`,
    replace: `    return restrict(cell, "halted", change, { isFlattening: true, suspendAtBroker });`,
    why: "Closing everything stops the very exits that it needs.",
  },
  {
    name: "exit-not-cut",
    file: "shared/domain/risk/guard/fit-exit.ts",
    find: "  return free < intent.quantity ? { ...intent, quantity: free as Quantity } : intent;",
    replace: "  return free < 0 ? { ...intent, quantity: free as Quantity } : intent;",
    why: "More is sold than is held: refused, or the position is turned over.",
  },
  {
    name: "short-position-not-reduced",
    file: "shared/domain/risk/guard/fit-exit.ts",
    find: "  if (held === 0 || Math.sign(held) === signOf(intent.side)) {",
    replace: "  if (held <= 0 || Math.sign(held) === signOf(intent.side)) {",
    why: "What was sold short can never be bought back.",
  },
  {
    name: "flat-without-looking",
    file: RECONCILE,
    find: "    seen.positions.every((position) => position.quantity === 0) &&\n",
    replace: "",
    why: "Everything was to be closed, trading halts as flat, and something is held.",
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
    name: "approved-unseen",
    file: "shared/use-cases/resume-trading.ts",
    find: `        if (!isSame) return err({ type: "SnapshotChanged" });\n`,
    replace: "",
    why: "Trading resumes on positions and orders that neither of the two has looked at.",
  },
  {
    name: "clean-despite-differences",
    file: RECONCILE,
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
