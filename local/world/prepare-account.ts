import { RetryableError } from "../../shared/domain/fault.ts";
import { marketPhase } from "../../shared/domain/market/calendar.ts";
import { markUnverified } from "../../shared/domain/risk/change-cell.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import { updateCell, type CellWriterDeps } from "../../shared/use-cases/update-cell.ts";
import type { Functions } from "../functions.ts";

/** What has to be done before anything may trade. */
export type PrepareAccountDeps = CellWriterDeps & {
  readonly functions: Pick<Functions, "openCycle" | "pollFlow">;
  readonly reconcile: () => Promise<unknown>;
  readonly settings: Settings;
  readonly nowMs: () => number;
  readonly onFailure: (name: string, error: unknown) => void;
};

/**
 * Opens a new account, or takes an old one for unverified, because nobody knows what happened since
 * it was last seen (a damaged one is left to reconciliation); then reconciles it with the broker
 * before anything else is done. While the market is open the flow is read too, so that the first
 * cycle has something to decide on. Throws `RetryableError` if the ledger cannot be read.
 */
export const prepareAccount = async (deps: PrepareAccountDeps): Promise<void> => {
  const { ledger, functions, settings, nowMs } = deps;
  const loaded = await ledger.loadCell(settings.account);
  if (!loaded.ok && loaded.error.type === "LedgerUnavailable") {
    throw new RetryableError(`The account was not read: ${loaded.error.detail}`);
  }
  const cell = loaded.ok ? loaded.value : undefined;
  const isOpen = marketPhase(nowMs()).phase === "open";
  if (cell !== undefined) await updateCell(deps, cell, markUnverified);
  else if (isOpen && loaded.ok) {
    const slot = new Date(nowMs()).toISOString();
    await attempt(deps, "open-cycle", () => functions.openCycle({ slot }));
  }
  // What fails here is tried again by its schedule; until it is clean no entry can be claimed.
  await attempt(deps, "reconcile-orders", deps.reconcile);
  if (!isOpen) return;
  const { symbols } = settings;
  await attempt(deps, "poll-flow", () =>
    functions.pollFlow({ cycleId: "start", slotMs: Math.floor(nowMs()), symbols }),
  );
};

const attempt = async (
  { onFailure }: PrepareAccountDeps,
  name: string,
  act: () => Promise<unknown>,
): Promise<void> => {
  try {
    await act();
  } catch (error) {
    onFailure(name, error);
  }
};
