import { formatQuantity } from "../../domain/market/quantity.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { ControlCell, ResumeRequest, TradingState } from "../../domain/risk/control-cell.ts";
import { RESUME_WITHIN_MS, resumeSnapshotOf } from "../../domain/risk/trading-state.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Ledger } from "../../ports/ledger.ts";
import { snapshotHashOf } from "../resume-trading.ts";
import type { ReadRefusal } from "./read-refusal.ts";

/** Whether the account may trade, who said so, and what resuming would be about. */
export type TradingStateView = {
  readonly account: string;
  readonly atMs: number;
  /** Null where the account was never opened; so are the fields below. */
  readonly tradingState: TradingState | null;
  readonly reconciliation: ControlCell["reconciliation"] | null;
  /** A wish to resume that somebody may still approve. */
  readonly resumeRequest:
    | (ResumeRequest & {
        readonly expiresAtMs: number;
        /** What was asked for is still what is. */
        readonly isCurrent: boolean;
      })
    | null;
  /** What two principals would have to see alike, and its digest. */
  readonly snapshot: unknown;
  readonly snapshotHash: string | null;
  /** Shares by symbol, as text. */
  readonly held: Readonly<Record<string, string>>;
  /** Orders that are not settled, by their client order id. */
  readonly inFlight: readonly string[];
};

/** Reads the trading state as the ledger has it. */
export const createReadTradingState =
  (deps: {
    readonly ledger: Pick<Ledger, "loadCell">;
    readonly clock: Clock;
    readonly settings: Settings;
    readonly digest: (text: string) => string;
  }) =>
  async (): Promise<Result<TradingStateView, ReadRefusal>> => {
    const { account } = deps.settings;
    const loaded = await deps.ledger.loadCell(account);
    if (!loaded.ok) return err({ type: "Unavailable", detail: "The ledger cannot be read now." });
    const atMs = deps.clock.nowMs();
    return ok(
      loaded.value === undefined ? unopened(account, atMs) : toView(loaded.value, atMs, deps),
    );
  };

const unopened = (account: string, atMs: number): TradingStateView => ({
  account,
  atMs,
  tradingState: null,
  reconciliation: null,
  resumeRequest: null,
  snapshot: null,
  snapshotHash: null,
  held: {},
  inFlight: [],
});

const toView = (
  cell: ControlCell,
  atMs: number,
  { digest }: { readonly digest: (text: string) => string },
): TradingStateView => {
  const snapshotHash = snapshotHashOf(cell, digest);
  const held = Object.entries(cell.holdings).filter(([, { quantity }]) => quantity !== 0);
  return {
    account: cell.account,
    atMs,
    tradingState: cell.tradingState,
    reconciliation: cell.reconciliation,
    resumeRequest: openRequest(cell.resumeRequest, snapshotHash, atMs),
    snapshot: resumeSnapshotOf(cell),
    snapshotHash,
    held: Object.fromEntries(held.map(([symbol, one]) => [symbol, formatQuantity(one.quantity)])),
    inFlight: Object.keys(cell.inFlight).toSorted(),
  };
};

const openRequest = (
  request: ResumeRequest | null,
  snapshotHash: string,
  atMs: number,
): TradingStateView["resumeRequest"] => {
  if (request === null || atMs - request.atMs > RESUME_WITHIN_MS) return null;
  const expiresAtMs = request.atMs + RESUME_WITHIN_MS;
  return { ...request, expiresAtMs, isCurrent: request.snapshotHash === snapshotHash };
};
