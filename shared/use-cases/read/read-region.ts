import type { Lease } from "../../domain/failover/lease.ts";
import { RetryableError } from "../../domain/fault.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { ControlCell, TradingState } from "../../domain/risk/control-cell.ts";
import { countOrders, type OrderCounts } from "../../domain/risk/count-orders.ts";
import { isTakenOver } from "../../domain/risk/trading-state.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Leases } from "../../ports/leases.ts";
import type { Ledger } from "../../ports/ledger.ts";
import type { ReadRefusal } from "./read-refusal.ts";

/** Which Region has the account, seen from the Region that is asked. */
export type RegionView = {
  readonly account: string;
  readonly atMs: number;
  /** The Region that answers. */
  readonly region: string;
  /** Null where the account was never opened; so are the fields below. */
  readonly activeRegion: string | null;
  readonly epoch: number | null;
  readonly tradingState: TradingState | null;
  readonly reconciliation: ControlCell["reconciliation"] | null;
  /** Exits only, until the new Region agrees with the broker. */
  readonly isTakeoverUnderWay: boolean;
  readonly inFlight: number;
  readonly orders: OrderCounts;
  /** The last word of the Region that says it is alive; null where none ever did. */
  readonly lease: Pick<Lease, "region" | "epoch" | "beat"> | null;
};

/** Reads who has the account, as the ledger has it. */
export const createReadRegion =
  (deps: {
    readonly ledger: Pick<Ledger, "loadCell">;
    readonly leases: Pick<Leases, "load">;
    readonly clock: Clock;
    readonly settings: Pick<Settings, "account" | "region">;
  }) =>
  async (): Promise<Result<RegionView, ReadRefusal>> => {
    const { account, region } = deps.settings;
    const loaded = await deps.ledger.loadCell(account);
    if (!loaded.ok) return err(UNAVAILABLE);
    const lease = await loadLease(deps.leases, account);
    if (!lease.ok) return lease;
    const cell = loaded.value;
    return ok({
      account,
      atMs: deps.clock.nowMs(),
      region,
      activeRegion: cell?.activeRegion ?? null,
      epoch: cell?.epoch ?? null,
      tradingState: cell?.tradingState ?? null,
      reconciliation: cell?.reconciliation ?? null,
      isTakeoverUnderWay: cell !== undefined && isTakenOver(cell),
      inFlight: cell === undefined ? 0 : Object.keys(cell.inFlight).length,
      orders: countOrders(cell ?? { inFlight: {} }),
      lease: lease.value,
    });
  };

const UNAVAILABLE = { type: "Unavailable", detail: "The ledger cannot be read now." } as const;

const loadLease = async (
  leases: Pick<Leases, "load">,
  account: string,
): Promise<Result<RegionView["lease"], ReadRefusal>> => {
  try {
    const lease = await leases.load(account);
    if (lease === undefined) return ok(null);
    return ok({ region: lease.region, epoch: lease.epoch, beat: lease.beat });
  } catch (error) {
    if (error instanceof RetryableError) return err(UNAVAILABLE);
    throw error;
  }
};
