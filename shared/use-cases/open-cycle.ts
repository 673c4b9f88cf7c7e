import { epochMsToNewYork } from "../domain/market/new-york-time.ts";
import type { SessionDate } from "../domain/market/session-date.ts";
import { CELL_SHARE_MAX, cellShareOf } from "../domain/risk/cell-size.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import { reduceTrading } from "../domain/risk/trading-state.ts";
import { type Shard, shardsOf } from "../domain/settings.ts";
import { type CheckCompatibility, createCheckCompatibility } from "./check-compatibility.ts";
import { checkConfiguration } from "./cycle/hand-over-limits.ts";
import { loadOrOpenCell } from "./cycle/load-or-open-cell.ts";
import type { OpenCycleDeps } from "./cycle/open-cycle-deps.ts";
import { prove } from "./cycle/prove-opening.ts";
import { recordRefusal, type Refusal } from "./cycle/refuse-cycle.ts";
import { isTransient } from "../ports/vendor-fault.ts";
import { faultKindOf } from "./fault-kind.ts";
import { updateCell } from "./update-cell.ts";

/** One shard of a cycle: what poll-market-data is handed. */
export type CycleShard = Shard & {
  readonly cycleId: string;
  readonly slotMs: number;
  /** Its prices are kept for exits, and no entry is decided on them. */
  readonly exitsOnly?: boolean | undefined;
};

/** Whether the cycle of a slot runs, why or why not, and over which shards. */
export type OpenedCycle = {
  readonly run: boolean;
  /** One sentence. */
  readonly reason: string;
  readonly cycleId: string;
  /** Start of the slot's minute, epoch ms. */
  readonly slotMs: number;
  readonly shards: readonly CycleShard[];
};

/** Opens the cycle of a schedule slot (epoch ms). */
export type OpenCycle = (slotMs: number) => Promise<OpenedCycle>;

const MINUTE_MS = 60_000;
/** A slot that is older was delivered too late to be worth a cycle: the next one is due. */
const SLOT_AGE_MAX_MS = 2 * MINUTE_MS;

/**
 * Decides whether the slot's cycle runs: the market is open by rule and by the broker's clock,
 * the ledger answers, this Region is the active one, trading is not halted, and the slot was not
 * run before. Opens the account's cell if there is none and this Region is the one that may, and
 * hands changed limits to it. Anything unknown means that it does not run, save one thing: where
 * the rules say open and the broker's clock does not answer for the moment, exits alone are decided.
 */
export const createOpenCycle = (given: OpenCycleDeps): OpenCycle => {
  const deps = { ...given, checkCompatibility: createCheckCompatibility(given) };
  // The same lists every minute: whoever reads them finds them unchanged.
  const shards = shardsOf(given.settings.symbols, given.settings.shardSize);
  return async (slotTimeMs) => {
    const slotMs = Math.floor(slotTimeMs / MINUTE_MS) * MINUTE_MS;
    const cycleId = `cycle-${new Date(slotMs).toISOString().slice(0, 16)}Z`;
    const nowMs = deps.clock.nowMs();
    const market = await lookAtMarket(deps, nowMs);
    const refusal = market.refusal ?? (await refusalOf(deps, { slotMs, cycleId, nowMs }, market));
    if (refusal !== undefined) {
      await recordRefusal(deps, { cycleId, slotMs }, refusal);
      return { run: false, reason: refusal.reason, cycleId, slotMs, shards: [] };
    }
    const only = market.exitsOnly ? { exitsOnly: true } : undefined;
    return {
      run: true,
      reason: market.exitsOnly ? CLOCK_UNKNOWN : "The market is open.",
      cycleId,
      slotMs,
      shards: shards.map(({ shard, symbols }) => ({ shard, symbols, cycleId, slotMs, ...only })),
    };
  };
};

type CheckedDeps = OpenCycleDeps & { readonly checkCompatibility: CheckCompatibility };

const CLOCK_UNKNOWN = "The broker's clock is unknown: exits alone are decided.";

/** What the market allows: nothing, exits by the exchange's own rules, or everything. */
type MarketLook = { readonly refusal?: Refusal; readonly exitsOnly: boolean };

const lookAtMarket = async (deps: CheckedDeps, nowMs: number): Promise<MarketLook> => {
  const moment = await deps.calendar.momentOf(nowMs);
  if (!moment.ok) {
    await prove(deps, "broker", `The clock is unknown: ${moment.error.detail}`, {
      succeeded: false,
      fault: faultKindOf(moment.error),
    });
    // It is asked only where the rules say open, and what stops entries stops no exit. To a broker
    // that knows us no more, or speaks otherwise, no exit can be sent.
    if (isTransient(moment.error)) return { exitsOnly: true };
    await proveLedger(deps);
    const reason = "The broker's clock is unknown, so the market counts as closed.";
    return { refusal: { reason, kind: "fault" }, exitsOnly: false };
  }
  if (moment.value.phase !== "open") {
    const reason = `The market is not open: ${moment.value.phase}.`;
    return { refusal: { reason, kind: "expected" }, exitsOnly: false };
  }
  await prove(deps, "broker", "The broker's clock was read.", { succeeded: true, fault: null });
  return { exitsOnly: false };
};

/** Why there is no cycle although the market may be open. */
const refusalOf = async (
  deps: CheckedDeps,
  { slotMs, cycleId, nowMs }: Pick<OpenedCycle, "slotMs" | "cycleId"> & { readonly nowMs: number },
  market: MarketLook,
): Promise<Refusal | undefined> => {
  if (Math.abs(nowMs - slotMs) > SLOT_AGE_MAX_MS) {
    // A cycle that is missed shows in what it did not prove; a newer one's record stays.
    return { reason: "The slot was delivered too late.", kind: "expected" };
  }
  const last = await deps.telemetry.loadCycle();
  if (last?.cycleId === cycleId && last.outcome === "completed") {
    return { reason: "This slot's cycle is over already.", kind: "expected" };
  }
  return refusalOfCell(deps, epochMsToNewYork(nowMs).date, market);
};

const refusalOfCell = async (
  deps: CheckedDeps,
  session: SessionDate,
  { exitsOnly }: MarketLook,
): Promise<Refusal | undefined> => {
  const loaded = await loadOrOpenCell(deps);
  if ("fault" in loaded) {
    const detail = `The ledger cannot be used: ${loaded.fault.type}, ${loaded.fault.detail}`;
    await prove(deps, "ledger", detail, { succeeded: false, fault: null });
    return { reason: detail, kind: "fault" };
  }
  const { region } = deps.settings;
  if ("waitsFor" in loaded) {
    const reason = `The account is not open yet: ${loaded.waitsFor} opens it, this is ${region}.`;
    await prove(deps, "ledger", reason, { succeeded: true, fault: null });
    return { reason, kind: "otherRegionTrades" };
  }
  const { cell } = loaded;
  const share = cellShareOf(cell);
  const detail = `The account's cell was read; it takes ${(share * 100).toFixed(1)} % of its bound.`;
  await prove(deps, "ledger", detail, { succeeded: true, fault: null });
  if (share > CELL_SHARE_MAX) {
    // Beside the success, so that the ledger counts as degraded and not as failed.
    await prove(deps, "ledger", detail, { succeeded: false, fault: null });
  }
  if (cell.activeRegion !== region) {
    return { reason: `${cell.activeRegion} trades, this is ${region}.`, kind: "otherRegionTrades" };
  }
  const current = await checkConfiguration(deps, cell);
  // It stops entries, of which there are none: exits wait for no broker that keeps us waiting.
  if (!exitsOnly) await reduceIfIncompatible(deps, current, session);
  return current.tradingState.mode === "halted"
    ? { reason: `Trading is halted: ${current.tradingState.reason}`, kind: "halted" }
    : undefined;
};

/** The broker's failure is not the ledger's: it is looked at all the same. */
const proveLedger = async (deps: CheckedDeps): Promise<void> => {
  const loaded = await deps.ledger.loadCell(deps.settings.account);
  const detail = loaded.ok
    ? "The account's cell was read."
    : `The ledger cannot be used: ${loaded.error.type}, ${loaded.error.detail}`;
  await prove(deps, "ledger", detail, { succeeded: loaded.ok, fault: null });
};

/** A vendor that has changed, or knows us no more, leaves exits only until people have looked. */
const reduceIfIncompatible = async (
  deps: CheckedDeps,
  cell: ControlCell,
  session: SessionDate,
): Promise<void> => {
  const compatibility = await deps.checkCompatibility(session);
  if (compatibility.type !== "incompatible") return;
  const change = {
    reason: compatibility.sentence,
    by: "check-compatibility",
    atMs: deps.clock.nowMs(),
  };
  await updateCell(deps, cell, (now) => reduceTrading(now, change));
};
