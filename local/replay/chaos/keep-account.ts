import { createFinishTakeover } from "../../../shared/use-cases/finish-takeover.ts";
import { createTakeOver } from "../../../shared/use-cases/take-over.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";
import type { ChaosRegion } from "./chaos-region.ts";
import { sha256 } from "../../../shared/adapters/host/digest.ts";

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

/** Watches over an account from one Region. */
export type AccountKeeper = {
  /** Takes the account over if the Region that has it is lost, and brings it back to trading. */
  readonly keep: (lostSinceMs: (region: string) => number | undefined) => Promise<void>;
  readonly failovers: () => readonly Failover[];
};

/** A Region that is silent for so long is taken for dead. */
const DEAD_AFTER_MS = 120_000;

/**
 * Does what the lease's keeper will decide by itself: it knows which Region is lost, waits as long
 * as a lease would, and then makes the one conditional write that raises the epoch. From there on
 * it is the product's own way: exits only, reconcile, and active once that is clean.
 */
export const createAccountKeeper = ({ ports, settings, name }: ChaosRegion): AccountKeeper => {
  const deps = { ...ports, settings, digest: sha256 };
  const takeOver = createTakeOver(deps);
  const finishTakeover = createFinishTakeover(deps);
  const done: Failover[] = [];
  let current: Failover | undefined;
  const end = (tradingAtMs: number | undefined): void => {
    if (current !== undefined) done.push({ ...current, tradingAtMs });
    current = undefined;
  };
  const takeFrom = async (from: string, epoch: number, lostAtMs: number): Promise<void> => {
    const reason = `${from} is silent for two minutes.`;
    const taken = await takeOver({ reason, by: "keeper", epoch });
    if (!taken.ok) return;
    const fencedAtMs = ports.clock.nowMs();
    current = { from, to: name, lostAtMs, fencedAtMs, tradingAtMs: undefined };
  };
  return {
    keep: async (lostSinceMs) => {
      const loaded = await ports.ledger.loadCell(settings.account);
      if (!loaded.ok || loaded.value === undefined) return;
      const { activeRegion, epoch } = loaded.value;
      const lostAtMs = lostSinceMs(activeRegion);
      const isDead = lostAtMs !== undefined && ports.clock.nowMs() - lostAtMs >= DEAD_AFTER_MS;
      if (activeRegion !== name && isDead) await takeFrom(activeRegion, epoch, lostAtMs);
      if (current === undefined) return;
      const state = await unlessRetryable(finishTakeover);
      if (state === "active") end(ports.clock.nowMs());
      if (state === "stopped") end(undefined);
    },
    failovers: () => (current === undefined ? done : [...done, current]),
  };
};

/** What the takeover came to; a ledger that does not answer is asked again in a minute. */
const unlessRetryable = async (
  finish: ReturnType<typeof createFinishTakeover>,
): Promise<"waiting" | "active" | "stopped"> => {
  try {
    return (await finish()).state;
  } catch (error) {
    if (error instanceof RetryableError) return "waiting";
    throw error;
  }
};
