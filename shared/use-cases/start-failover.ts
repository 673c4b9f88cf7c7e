import { RetryableError } from "../domain/fault.ts";
import { err, type Result } from "../domain/result.ts";
import type { Failovers } from "../ports/failovers.ts";
import type { Random } from "../ports/random.ts";
import type { ControlRefusal } from "./control-refusal.ts";
import type { FailoverWish } from "../domain/failover/failover-wish.ts";
import { createFailOver, type FailoverPlan } from "./fail-over.ts";
import type { ReconcileOrdersDeps } from "./reconcile-orders.ts";

/** What an operator can do about a failover: look at it, or let it begin. */
export type StartFailover = {
  /** What would happen; changes nothing. */
  readonly plan: (wish: FailoverWish) => Promise<Result<FailoverPlan, ControlRefusal>>;
  /** Begins it, and answers with what it starts from; it goes on by itself. */
  readonly start: (wish: FailoverWish) => Promise<Result<FailoverPlan, ControlRefusal>>;
};

/** What starting a failover needs. */
export type StartFailoverDeps = ReconcileOrdersDeps & {
  readonly random: Random;
  /** Absent where there is one Region. */
  readonly failovers?: Failovers | undefined;
};

/** Refuses at once, in one sentence, what the workflow would refuse later. */
export const createStartFailover = (deps: StartFailoverDeps): StartFailover => {
  const { plan } = createFailOver(deps);
  return {
    plan,
    start: async (wish) => {
      const planned = await plan(wish);
      if (!planned.ok) return planned;
      if (deps.failovers === undefined) return err({ type: "Refused", detail: ONE_REGION });
      const { account, epoch } = planned.value;
      try {
        await deps.failovers.start(`${account}-${epoch}-${deps.random.id()}`.slice(0, 80), wish);
        return planned;
      } catch (error) {
        if (!(error instanceof RetryableError)) throw error;
        return err({ type: "Unavailable", detail: NOT_KNOWN });
      }
    },
  };
};

const ONE_REGION = "There is one Region, so there is none to fail over to.";
const NOT_KNOWN = "It is not known whether it began; `region status` shows whether it did.";
