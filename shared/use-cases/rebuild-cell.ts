import { epochMsToNewYork } from "../domain/market/new-york-time.ts";
import type { BrokerAccount, BrokerOrder, BrokerPosition } from "../domain/orders/broker-state.ts";
import { type ClientOrderId, parseClientOrderId } from "../domain/orders/client-order-id.ts";
import type { Order } from "../domain/orders/order.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import { mayBeAtBroker, NO_WISH, rebuildCell } from "../domain/risk/rebuild-cell.ts";
import { RetryableError } from "../domain/fault.ts";
import type { Settings } from "../domain/settings.ts";
import type { Alerts } from "../ports/alerts.ts";
import type { Archive } from "../ports/archive.ts";
import type { Broker } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { DamagedCell, Ledger } from "../ports/ledger.ts";
import { listHistories } from "./list-histories.ts";

/**
 * What came of it; `none`: there is nothing to rebuild, because the account is new or its cell
 * whole.
 */
export type CellRebuilding =
  | { readonly type: "rebuilt"; readonly cell: ControlCell; readonly sentence: string }
  | { readonly type: "failed"; readonly sentence: string }
  | { readonly type: "none"; readonly sentence: string };

/** What rebuilding needs. */
export type RebuildCellDeps = {
  readonly ledger: Ledger;
  readonly broker: Broker;
  readonly archive: Pick<Archive, "write">;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly settings: Settings;
};

/** Rebuilds the account's cell if it is damaged, or missing although the account has traded. */
export type RebuildCell = (request: {
  /** A principal says that this Region is to do it, whichever the damaged cell seems to name. */
  readonly isForced: boolean;
}) => Promise<CellRebuilding>;

/** The broker is read until nothing moved while it was read, so often at most. */
const READINGS_MAX = 3;
/** Orders that are looked up at the broker, at most; more are not rebuilt by guessing. */
const LOOKUPS_MAX = 500;

/**
 * Keeps the damaged text aside, reads histories and broker, and stores a rebuilt cell by one write
 * that holds only against the very damage that was looked at. Whatever fails, nothing is stored:
 * a damaged cell lets no order through. A person is paged either way.
 */
export const createRebuildCell =
  (deps: RebuildCellDeps): RebuildCell =>
  async ({ isForced }) => {
    const outcome = await rebuild(deps, isForced);
    if (outcome.type === "none") return outcome;
    const { account, mode } = deps.settings;
    await deps.alerts.publish({
      key: `cell-damaged-${account}`,
      action: "trigger",
      severity: "critical",
      summary: outcome.sentence,
      component: "reconcile-orders",
      mode,
      atMs: deps.clock.nowMs(),
      runbook: "control-cell-damaged",
    });
    return outcome;
  };

const rebuild = async (deps: RebuildCellDeps, isForced: boolean): Promise<CellRebuilding> => {
  const { account, region } = deps.settings;
  const read = await deps.ledger.readDamagedCell(account);
  if (!read.ok) return failed(`its text was not read: ${read.error.detail}`);
  if (read.value === "whole") return { type: "none", sentence: "The cell can be read again." };
  const damage = read.value;
  const histories = await listHistories(deps.ledger, account, deps.clock.nowMs());
  if (!histories.ok) return failed(`the orders were not listed: ${histories.error.detail}`);
  const orders = histories.value;
  if (damage === undefined && orders.length === 0) {
    return { type: "none", sentence: "The account was never opened." };
  }
  const active = damage?.hints.activeRegion;
  if (!isForced && active !== undefined && active !== region) {
    return failed(`it seems to belong to ${active}, which has to rebuild it.`);
  }
  const aside = await keepAside(deps, damage);
  if (!aside.ok) return failed(aside.error);
  const seen = await observeSteadily(deps, orders);
  if (!seen.ok) return failed(seen.error);
  const cell = cellFrom(deps, { damage, orders, seen: seen.value, aside: aside.value });
  const stored = await deps.ledger.replaceDamagedCell(cell, damage);
  if (stored.ok) return { type: "rebuilt", cell, sentence: cell.tradingState.reason };
  return stored.error.type === "DamageGone"
    ? { type: "none", sentence: "Someone else has repaired the cell meanwhile." }
    : failed(`it was not stored: ${stored.error.detail}`);
};

const failed = (why: string): CellRebuilding => ({
  type: "failed",
  sentence: `The control cell is damaged or missing and was not rebuilt; nothing trades: ${why}`,
});

/** The damaged text goes to the archive before anything is written over it. */
const keepAside = async (
  { archive, clock, settings }: RebuildCellDeps,
  damage: DamagedCell | undefined,
): Promise<Result<string | undefined, string>> => {
  if (damage === undefined) return ok(undefined);
  const { text, digest, version, epoch } = damage;
  const moment = new Date(clock.nowMs()).toISOString().replaceAll(":", "");
  const key = `corrupt/${settings.account}/${moment}-${digest.slice(0, 16)}.json`;
  try {
    await archive.write(key, JSON.stringify({ version, epoch, digest, text }));
    return ok(key);
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
    return err(`it was not kept aside: ${error.message}`);
  }
};

/** The broker at one moment. */
type BrokerView = {
  readonly reports: ReadonlyMap<ClientOrderId, BrokerOrder | "notFound">;
  readonly positions: readonly BrokerPosition[];
  readonly account: BrokerAccount;
};

/**
 * Reads orders, then positions, then orders again, until no order moved in between: positions and
 * fills are then of one moment, and no fill is counted twice or never.
 */
const observeSteadily = async (
  deps: RebuildCellDeps,
  orders: readonly Order[],
): Promise<Result<BrokerView, string>> => {
  for (let reading = 0; reading < READINGS_MAX; reading++) {
    const before = await lookUpAll(deps.broker, orders);
    if (!before.ok) return before;
    const positions = await deps.broker.listPositions();
    if (!positions.ok) return unread(positions.error.detail);
    const account = await deps.broker.readAccount();
    if (!account.ok) return unread(account.error.detail);
    const after = await lookUpAll(deps.broker, orders);
    if (!after.ok) return after;
    if (JSON.stringify([...before.value]) !== JSON.stringify([...after.value])) continue;
    return ok({ reports: after.value, positions: positions.value, account: account.value });
  }
  return err("orders filled while the broker was read; the next run tries again.");
};

const unread = (detail: string): Result<never, string> =>
  err(`the broker could not be read: ${detail}`);

/** What the broker says of every order that may be live, and of those whose brackets may be. */
const lookUpAll = async (
  broker: Broker,
  orders: readonly Order[],
): Promise<Result<BrokerView["reports"], string>> => {
  const open = await broker.listOpenOrders();
  if (!open.ok) return unread(open.error.detail);
  const reports = new Map<ClientOrderId, BrokerOrder | "notFound">();
  const ours = new Set(open.value.map((order) => order.clientOrderId));
  // Legs of brackets have names that the broker gave them.
  const strays = open.value.filter(
    (order) => parseClientOrderId(order.clientOrderId) === undefined,
  );
  const legs = new Map(strays.map((order) => [order.brokerOrderId, order.symbol]));
  const lookUp = async (order: Order): Promise<Result<void, string>> => {
    const { clientOrderId } = order.intent;
    if (reports.size >= LOOKUPS_MAX) return err("more orders may be live than can be looked up.");
    const found = await broker.findOrder(clientOrderId);
    if (!found.ok) return unread(found.error.detail);
    const report = found.value.type === "found" ? found.value.order : "notFound";
    reports.set(clientOrderId, report);
    if (report !== "notFound") for (const leg of report.legs) legs.delete(leg.brokerOrderId);
    return ok(undefined);
  };
  for (const order of orders) {
    if (!mayBeAtBroker(order) && !ours.has(order.intent.clientOrderId)) continue;
    const looked = await lookUp(order);
    if (!looked.ok) return looked;
  }
  // An entry that is over may still be protected at the broker: its legs are open orders there.
  for (const order of orders) {
    const { clientOrderId, protection, symbol } = order.intent;
    const isCandidate = protection !== null && order.filled > 0 && !reports.has(clientOrderId);
    if (!isCandidate || ![...legs.values()].includes(symbol)) continue;
    // What is left over then is a stranger's order, which reconciliation names as such.
    if (reports.size >= LOOKUPS_MAX) break;
    const looked = await lookUp(order);
    if (!looked.ok) return looked;
    if (!hasLiveLegs(reports.get(clientOrderId))) reports.delete(clientOrderId);
  }
  return ok(reports);
};

const hasLiveLegs = (report: BrokerOrder | "notFound" | undefined): boolean =>
  report !== undefined &&
  report !== "notFound" &&
  report.legs.some((leg) => leg.status === "working" || leg.status === "pending");

const cellFrom = (
  { settings, clock }: RebuildCellDeps,
  found: {
    readonly damage: DamagedCell | undefined;
    readonly orders: readonly Order[];
    readonly seen: BrokerView;
    readonly aside: string | undefined;
  },
): ControlCell => {
  const { damage, orders, seen, aside } = found;
  const { account, region, limits, limitsDigest } = settings;
  const nowMs = clock.nowMs();
  const where = aside === undefined ? "It was missing." : `The damaged one is kept as ${aside}.`;
  return rebuildCell({
    account,
    region,
    limits,
    limitsDigest,
    nowMs,
    cause: `The control cell was rebuilt from the broker and the orders' histories. ${where}`,
    wish: damage?.hints.wish ?? NO_WISH,
    newest: {
      version: Math.max(damage?.version ?? 0, damage?.hints.version ?? 0),
      epoch: Math.max(damage?.epoch ?? 0, damage?.hints.epoch ?? 0),
      isEpochKnown: (damage?.epoch ?? null) !== null,
    },
    orders,
    reports: seen.reports,
    positions: seen.positions,
    brokerAccount: seen.account,
    sessionDate: epochMsToNewYork(nowMs).date,
  });
};
