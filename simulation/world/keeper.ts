import { RetryableError } from "../../shared/domain/fault.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import { createFinishTakeover } from "../../shared/use-cases/finish-takeover.ts";
import { createTakeOver } from "../../shared/use-cases/take-over.ts";
import type { FunctionPorts } from "../../local/functions.ts";

/** What the keeper is woken for: to take over from an epoch, or to finish what it took over. */
type KeeperEvent =
  | { readonly act: "takeOver"; readonly epoch: number }
  | { readonly act: "finish" };

/** The keeper of a Region's lease, as far as a world without leases has one: told when to act. */
export const createKeeper = (
  ports: FunctionPorts,
  settings: Settings,
): ((event: unknown) => Promise<unknown>) => {
  const deps = { ...ports, settings };
  const takeOver = createTakeOver(deps);
  const finish = createFinishTakeover(deps);
  return async (event) => {
    // The world alone wakes it.
    const wish = event as KeeperEvent;
    if (wish.act === "finish") return finish();
    const { epoch } = wish;
    const taken = await takeOver({
      reason: "The other Region is silent.",
      by: "keep-lease",
      epoch,
    });
    if (!taken.ok) throw new RetryableError(taken.error.detail);
    return taken.value;
  };
};
