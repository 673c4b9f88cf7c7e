import { LEASE_POLICY } from "../../../shared/domain/failover/lease.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";
import type { ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import { isTakenOver } from "../../../shared/domain/risk/trading-state.ts";
import { createKeepLease, type LeaseKept } from "../../../shared/use-cases/keep-lease.ts";
import type { ChaosRegion } from "./chaos-region.ts";

/** A Region that was lost, and how the account went on in another; times are epoch ms. */
export type Failover = {
  readonly from: string;
  readonly to: string;
  readonly lostAtMs: number;
  /** When the old Region could claim nothing any more. */
  readonly fencedAtMs: number;
  /** When entries were allowed again; `undefined` if they never were. */
  readonly tradingAtMs: number | undefined;
};

/** Keeps or watches the lease of an account from one Region. */
export type AccountKeeper = {
  /** One round of the lease's keeper: a renewal here, or a look at the other Region's. */
  readonly keep: () => Promise<void>;
  readonly failovers: () => readonly Failover[];
};

/**
 * Has a Region's lease kept by the use case that is deployed, a round at a time, since this world's
 * minute has moments and no waiting; and notes when the account changed hands.
 */
export const createAccountKeeper = (
  { ports, settings, name }: ChaosRegion,
  lostSinceMs: (region: string) => number | undefined,
): AccountKeeper => {
  const { clock } = ports;
  const keepLease = createKeepLease({
    ...ports,
    settings,
    policy: LEASE_POLICY,
    isAutomatic: true,
  });
  const done: Failover[] = [];
  let current: Failover | undefined;
  const end = (tradingAtMs: number | undefined): void => {
    if (current !== undefined) done.push({ ...current, tradingAtMs });
    current = undefined;
  };
  const load = async (): Promise<ControlCell | undefined> => {
    const loaded = await ports.ledger.loadCell(settings.account);
    return loaded.ok ? loaded.value : undefined;
  };
  return {
    keep: async () => {
      const before = await load();
      const kept = await keepOnce(keepLease);
      const nowMs = clock.nowMs();
      if (kept?.role === "tookOver" && before !== undefined) {
        const from = before.activeRegion;
        const lostAtMs = lostSinceMs(from) ?? nowMs;
        current = { from, to: name, lostAtMs, fencedAtMs: nowMs, tradingAtMs: undefined };
      }
      const cell = current === undefined ? undefined : await load();
      if (cell === undefined) return;
      if (cell.activeRegion !== name) end(undefined);
      else if (!isTakenOver(cell)) end(cell.tradingState.mode === "active" ? nowMs : undefined);
    },
    failovers: () => (current === undefined ? done : [...done, current]),
  };
};

/** Too little time for a second round; a ledger that does not answer is asked again in the next. */
const keepOnce = async (
  keepLease: ReturnType<typeof createKeepLease>,
): Promise<LeaseKept | undefined> => {
  try {
    return await keepLease({ remainingMs: () => 0 });
  } catch (error) {
    if (error instanceof RetryableError) return undefined;
    throw error;
  }
};
