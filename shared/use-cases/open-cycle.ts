import { REST } from "../domain/health/assess-system.ts";
import type { Evidence } from "../domain/health/evidence.ts";
import { epochMsToNewYork } from "../domain/market/new-york-time.ts";
import type { SessionDate } from "../domain/market/session-date.ts";
import { describeDifferences, differencesOf } from "../domain/policy/trading-policy.ts";
import { CELL_SHARE_MAX, cellShareOf } from "../domain/risk/cell-size.ts";
import { openCell, type ControlCell } from "../domain/risk/control-cell.ts";
import { reduceTrading } from "../domain/risk/trading-state.ts";
import { shardsOf, type Settings, type Shard } from "../domain/settings.ts";
import type { MarketCalendar } from "../ports/calendar.ts";
import type { Clock } from "../ports/clock.ts";
import type { LedgerFault } from "../ports/ledger.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import {
  type CheckCompatibility,
  type CheckCompatibilityDeps,
  createCheckCompatibility,
} from "./check-compatibility.ts";
import { faultKindOf } from "./fault-kind.ts";
import type { KeepConfiguration } from "./keep-configuration.ts";
import { hasHistories } from "./list-histories.ts";
import { type CellWriterDeps, updateCell } from "./update-cell.ts";

/** One shard of a cycle: what poll-market-data is handed. */
export type CycleShard = Shard & { readonly cycleId: string; readonly slotMs: number };

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

/** What opening a cycle needs. */
export type OpenCycleDeps = CellWriterDeps &
  CheckCompatibilityDeps & {
    readonly calendar: MarketCalendar;
    readonly telemetry: Telemetry;
    readonly clock: Clock;
    readonly settings: Settings;
    /** The one Region that may open the account; absent where there is no other one. */
    readonly opensIn?: string | undefined;
    /** Absent where nothing is signed. */
    readonly configuration?: Partial<Pick<KeepConfiguration, "check">> | undefined;
  };

const MINUTE_MS = 60_000;
/** A slot that is older was delivered too late to be worth a cycle: the next one is due. */
const SLOT_AGE_MAX_MS = 2 * MINUTE_MS;

/**
 * Decides whether the slot's cycle runs: the market is open by rule and by the broker's clock,
 * the ledger answers, this Region is the active one, trading is not halted, and the slot was not
 * run before. Opens the account's cell if there is none and this Region is the one that may, and
 * hands changed limits to it. Anything unknown means that it does not run.
 */
export const createOpenCycle = (given: OpenCycleDeps): OpenCycle => {
  const deps = { ...given, checkCompatibility: createCheckCompatibility(given) };
  // The same lists every minute: whoever reads them finds them unchanged.
  const shards = shardsOf(given.settings.symbols, given.settings.shardSize);
  return async (slotTimeMs) => {
    const slotMs = Math.floor(slotTimeMs / MINUTE_MS) * MINUTE_MS;
    const cycleId = `cycle-${new Date(slotMs).toISOString().slice(0, 16)}Z`;
    const refusal = await refusalOf(deps, slotMs, cycleId);
    if (refusal !== undefined) {
      await recordRefusal(deps, { cycleId, slotMs }, refusal);
      return { run: false, reason: refusal.reason, cycleId, slotMs, shards: [] };
    }
    return {
      run: true,
      reason: "The market is open.",
      cycleId,
      slotMs,
      shards: shards.map(({ shard, symbols }) => ({ shard, symbols, cycleId, slotMs })),
    };
  };
};

type CheckedDeps = OpenCycleDeps & { readonly checkCompatibility: CheckCompatibility };

/**
 * Why there is no cycle. `expected` leaves no trace, `fault` counts against health, and the others
 * say that nothing is traded here although the market is open: silence is then no failure.
 */
type Refusal = {
  readonly reason: string;
  readonly kind: "expected" | "fault" | "halted" | "otherRegionTrades";
};

const refusalOf = async (
  deps: CheckedDeps,
  slotMs: number,
  cycleId: string,
): Promise<Refusal | undefined> => {
  const nowMs = deps.clock.nowMs();
  const moment = await deps.calendar.momentOf(nowMs);
  if (!moment.ok) {
    await prove(deps, "broker", `The clock is unknown: ${moment.error.detail}`, {
      succeeded: false,
      fault: faultKindOf(moment.error),
    });
    await proveLedger(deps);
    return {
      reason: "The broker's clock is unknown, so the market counts as closed.",
      kind: "fault",
    };
  }
  if (moment.value.phase !== "open") {
    return { reason: `The market is not open: ${moment.value.phase}.`, kind: "expected" };
  }
  await prove(deps, "broker", "The broker's clock was read.", { succeeded: true, fault: null });
  if (Math.abs(nowMs - slotMs) > SLOT_AGE_MAX_MS) {
    // A cycle that is missed shows in what it did not prove; a newer one's record stays.
    return { reason: "The slot was delivered too late.", kind: "expected" };
  }
  const last = await deps.telemetry.loadCycle();
  if (last?.cycleId === cycleId && last.outcome === "completed") {
    return { reason: "This slot's cycle is over already.", kind: "expected" };
  }
  return refusalOfCell(deps, epochMsToNewYork(nowMs).date);
};

const refusalOfCell = async (
  deps: CheckedDeps,
  session: SessionDate,
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
  await reduceIfIncompatible(deps, current, session);
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

/** Where something is signed, what runs is handed over only if it is that. */
const checkConfiguration = async (deps: CheckedDeps, cell: ControlCell): Promise<ControlCell> => {
  const check = deps.configuration?.check;
  return check === undefined
    ? updateCell(deps, cell, (now) => handOverLimits(deps, now))
    : check(cell);
};

/**
 * Changed limits are handed over. Stored ones that are not what their digest names were changed by
 * nobody who may: they are put back, in either direction, and entries stop until people have
 * looked.
 */
const handOverLimits = ({ settings, clock }: CheckedDeps, cell: ControlCell): ControlCell => {
  const { region, limits, limitsDigest } = settings;
  if (cell.activeRegion !== region) return cell;
  if (cell.limitsDigest !== limitsDigest) return { ...cell, limits, limitsDigest };
  const differences = cell.limits === limits ? [] : differencesOf(limits, cell.limits);
  if (differences.length === 0) return cell;
  const reason = `The stored limits were not the configured ones: ${describeDifferences(differences)}.`;
  return reduceTrading({ ...cell, limits }, { reason, by: "open-cycle", atMs: clock.nowMs() });
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

/** The account's cell, why there is none, or the Region that has to open it. */
type Loaded =
  | { readonly cell: ControlCell }
  | { readonly fault: LedgerFault }
  | { readonly waitsFor: string };

const loadOrOpenCell = async (deps: OpenCycleDeps): Promise<Loaded> => {
  const { account, region, limits, limitsDigest } = deps.settings;
  const loaded = await deps.ledger.loadCell(account);
  if (!loaded.ok) return { fault: loaded.error };
  if (loaded.value !== undefined) return { cell: loaded.value };
  const known = await hasHistories(deps.ledger, account, deps.clock.nowMs());
  if (!known.ok) return { fault: known.error };
  if (known.value) {
    // An account that has traded is not new: reconciliation rebuilds what was lost.
    const detail = "The account's cell is missing, but it has orders.";
    return { fault: { type: "LedgerCorrupt", key: account, detail } };
  }
  // Whoever opens it trades: that is decided by people, and not by which Region woke first.
  const { opensIn = region } = deps;
  if (opensIn !== region) return { waitsFor: opensIn };
  const opened = openCell({ account, region, limits, limitsDigest, nowMs: deps.clock.nowMs() });
  const saved = await deps.ledger.saveCell(opened, { version: 0, epoch: 0 });
  if (saved.ok) return { cell: opened };
  if (saved.error.type !== "CellConflict") return { fault: saved.error };
  // Someone else opened it first, perhaps the other Region: theirs stands.
  return saved.error.current === undefined
    ? { fault: { type: "LedgerUnavailable", detail: "The cell was neither stored nor found." } }
    : { cell: saved.error.current };
};

const prove = (
  deps: OpenCycleDeps,
  component: "broker" | "ledger" | "trading-cycle" | typeof REST,
  detail: string,
  verdict: Pick<Evidence, "succeeded" | "fault">,
): Promise<void> =>
  deps.telemetry.recordEvidence({
    component,
    atMs: deps.clock.nowMs(),
    detail,
    latencyMs: null,
    dataAgeMs: null,
    ...verdict,
  });

/**
 * A cycle that did not run is kept where people may ask why; its evidence says whether it should.
 */
const recordRefusal = async (
  deps: OpenCycleDeps,
  slot: Pick<OpenedCycle, "cycleId" | "slotMs">,
  { kind, reason }: Refusal,
): Promise<void> => {
  switch (kind) {
    case "expected":
      return;
    case "otherRegionTrades":
      return prove(deps, REST, reason, { succeeded: true, fault: null });
    case "halted":
      await recordSkip(deps, slot, reason);
      return prove(deps, REST, reason, { succeeded: false, fault: null });
    case "fault":
      await recordSkip(deps, slot, reason);
      // What hangs on the cycle rests with it: one failure is told as one, and not as five.
      await prove(deps, REST, reason, { succeeded: false, fault: null });
      return prove(deps, "trading-cycle", reason, { succeeded: false, fault: null });
  }
};

const recordSkip = (
  deps: OpenCycleDeps,
  slot: Pick<OpenedCycle, "cycleId" | "slotMs">,
  reason: string,
): Promise<void> =>
  deps.telemetry.recordCycle({
    ...slot,
    closedAtMs: deps.clock.nowMs(),
    outcome: "skipped",
    reason,
    dataMode: null,
  });
