import type { Plant } from "./plant.ts";

const EXECUTE = "shared/use-cases/execute-order.ts";
const SETTLE = "shared/use-cases/settle-submission.ts";
const CLAIM = "shared/use-cases/claim-intent.ts";

/** Mistakes in sending orders and in learning what became of them. */
export const ORDER_PLANTS: readonly Plant[] = [
  {
    name: "new-id-on-retry",
    file: EXECUTE,
    find: "  const outcome = await deps.broker.submitOrder(claimed.approved, leftMs);",
    replace: `  let outcome = await deps.broker.submitOrder(claimed.approved, leftMs);
  if (outcome.type === "unknown") {
    const { order } = claimed.approved;
    const clientOrderId = order.clientOrderId.replace(/_0$/, "_1") as never;
    const again = { ...claimed.approved, order: { ...order, clientOrderId } } as never;
    outcome = await deps.broker.submitOrder(again, leftMs);
  }`,
    why: "An order whose answer was lost is sent again under another id, and doubles.",
  },
  {
    name: "same-id-sent-twice",
    file: EXECUTE,
    find: "  const outcome = await deps.broker.submitOrder(claimed.approved, leftMs);",
    replace: `  let outcome = await deps.broker.submitOrder(claimed.approved, leftMs);
  if (outcome.type === "unknown") outcome = await deps.broker.submitOrder(claimed.approved, leftMs);`,
    why: "A second layer retries; only the broker's memory of ids keeps the order single.",
  },
  {
    name: "bracket-not-sent",
    file: EXECUTE,
    find: "  const outcome = await deps.broker.submitOrder(claimed.approved, leftMs);",
    replace: `  const order = { ...claimed.approved.order, protection: null };
  const outcome = await deps.broker.submitOrder({ ...claimed.approved, order }, leftMs);`,
    why: "An entry reaches the broker without its stop, and nothing there protects what it bought.",
  },
  {
    name: "sent-at-the-market",
    file: EXECUTE,
    find: "  const outcome = await deps.broker.submitOrder(claimed.approved, leftMs);",
    replace: `  const pricing = { type: "market" } as const;
  const order = { ...claimed.approved.order, pricing };
  const outcome = await deps.broker.submitOrder({ ...claimed.approved, order }, leftMs);`,
    why: "An entry that was decided at a limit pays whatever is asked.",
  },
  {
    name: "deadline-ignored",
    file: EXECUTE,
    find: "  const leftMs = Math.min(claimed.submitByMonotonicMs - deps.clock.monotonicMs(), ownMs);",
    replace: "  const leftMs = ownMs;",
    why: "An order leaves after the moment up to which its claim allows it.",
  },
  {
    name: "sent-without-proof-of-claim",
    file: CLAIM,
    find: "    const current = saved.ok ? next.value : await afterRefusal(deps, intent.account, saved.error);",
    replace: "    const current = next.value;",
    why: "A claim whose write was refused or lost is taken for one that was stored.",
  },
  {
    name: "settled-order-sent-again",
    file: CLAIM,
    find: `  state.name === "new" || state.name === "notSent";`,
    replace: `  state.name !== "denied";`,
    why: "A message that comes again sends an order that the broker has refused, or that is over.",
  },
  {
    name: "reservation-released-on-unknown",
    file: "shared/domain/risk/progress-claim.ts",
    find: `      return claim.stage === "claimed" ? keep(cell, { ...claim, stage: "unknown" }) : cell;`,
    replace: "      return withdraw(cell, claim);",
    why: "What may be live at the broker no longer counts against the limits.",
  },
  {
    name: "unknown-taken-for-refused",
    file: SETTLE,
    find: `      await progress(deps, claimed, { type: "unknown" });`,
    replace: `      await progress(deps, claimed, { type: "neverSent" });`,
    why: "A timed-out submission is treated as one that failed.",
  },
  {
    name: "not-found-means-not-sent",
    file: "shared/domain/reconciliation/settle-claims.ts",
    find: "  if (sinceMs === null || atMs - sinceMs < QUIET_WINDOW_MS) return { cell: noted, isAbsent: false };",
    replace: "",
    why: "The broker's first denial is believed, while the order is on its way or hidden.",
  },
  {
    name: "message-removed-before-recorded",
    file: "shared/runtime/queue-handler.ts",
    find: "      await returnSoon(definition, runtime, record);\n      throw error;",
    replace: "      return;",
    why: "A message is acknowledged although nothing of it was recorded.",
  },
  {
    name: "failure-to-record-ignored",
    file: EXECUTE,
    find: "  throw new RetryableError(`The order's end was not written: ${stored.error.detail}`);",
    replace: "",
    why: "An order ends, and its history never says so.",
  },
  {
    name: "bracket-left-under-exit",
    file: "shared/domain/risk/guard/fit-exit.ts",
    find: "  if (exposure.protected > 0) {",
    replace: "  if (exposure.protected < 0) {",
    why: "An exit is sent while the stop holds the shares: refused, or sold twice.",
  },
  {
    name: "cancelled-without-proof",
    file: "shared/use-cases/clear-symbol.ts",
    find: "    await record(deps, cell, claim, report);",
    replace: `    const legs = report.legs.map((leg) => ({ ...leg, status: "cancelled" as const }));
    await record(deps, cell, claim, asked === 0 ? report : { ...report, legs });`,
    why: "An exit goes on before what stood against it is known to be gone.",
  },
  {
    name: "orphan-left-alone",
    file: "shared/use-cases/act-on-reconciled.ts",
    find: "[...result.orphans, ...result.cancellations]",
    replace: "[...result.cancellations]",
    why: "An order without a claim goes on working, counted by nobody.",
  },
  {
    name: "entries-left-working",
    file: "shared/use-cases/act-on-reconciled.ts",
    find: "[...result.orphans, ...result.cancellations]",
    replace: "[...result.orphans]",
    why: "Entries still fill after trading was halted.",
  },
  {
    name: "failed-positions-read-as-flat",
    file: "shared/use-cases/observe-broker.ts",
    find: "  const positions = await deps.broker.listPositions();",
    replace: `  const read = await deps.broker.listPositions();
  const positions = read.ok ? read : ok([]);`,
    why: "An outage looks like an empty account.",
  },
  {
    name: "rebuilt-as-flat",
    file: "shared/use-cases/rebuild-cell.ts",
    find: "    const positions = await deps.broker.listPositions();",
    replace: `    const read = await deps.broker.listPositions();
    const positions = read.ok ? read : ok([]);`,
    why: "A rebuilt cell forgets what is held when positions cannot be read.",
  },
];
