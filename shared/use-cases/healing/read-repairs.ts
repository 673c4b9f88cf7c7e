import { RetryableError } from "../../domain/fault.ts";
import type { RepairOrder } from "../../domain/healing/remedy.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Healing } from "../../ports/healing.ts";

/** What an environment has been asked to do with itself, and has not done yet. */
export type Repairs = {
  /** Orders of this kind about any of the subjects; each is given once. Never throws. */
  readonly take: (
    kind: RepairOrder["kind"],
    subjects: readonly string[],
  ) => Promise<readonly string[]>;
};

/** Environments look this often: healing waits longer than that before it judges. */
const LOOK_EVERY_MS = 30_000;

/**
 * Reads repair orders for one environment. An order from before its first look is not for it: it
 * has just begun, with connections and memories of its own. A store that is down asks for nothing.
 */
export const createRepairs = (deps: {
  readonly healing: Pick<Healing, "orders">;
  readonly clock: Clock;
}): Repairs => {
  const beganAtMs = deps.clock.nowMs();
  const done = new Map<string, number>();
  let lookedAtMs = -Infinity;
  let orders: readonly RepairOrder[] = [];
  return {
    take: async (kind, subjects) => {
      if (deps.clock.monotonicMs() - lookedAtMs >= LOOK_EVERY_MS) {
        lookedAtMs = deps.clock.monotonicMs();
        orders = await readOrders(deps.healing);
      }
      const nowMs = deps.clock.nowMs();
      return orders
        .filter((order) => order.kind === kind && subjects.includes(order.subject))
        .filter(({ orderedAtMs, untilMs }) => orderedAtMs >= beganAtMs && nowMs < untilMs)
        .filter(({ subject, orderedAtMs }) => {
          const key = `${kind}#${subject}`;
          if ((done.get(key) ?? -Infinity) >= orderedAtMs) return false;
          // At most one entry a vendor and a symbol of the shard.
          done.set(key, orderedAtMs);
          return true;
        })
        .map(({ subject }) => subject);
    },
  };
};

const readOrders = async (healing: Pick<Healing, "orders">): Promise<readonly RepairOrder[]> => {
  try {
    return await healing.orders();
  } catch (error) {
    if (error instanceof RetryableError) return [];
    throw error;
  }
};
