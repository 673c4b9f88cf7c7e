import type { ChaosMode, ChaosWorld, Failure } from "../../domain/chaos/chaos-mode.ts";
import { endOf, type ChaosRecord } from "../../domain/chaos/chaos-record.ts";
import { RetryableError, TerminalError } from "../../domain/fault.ts";
import type { ChaosLog } from "../../ports/chaos.ts";
import type { Clock } from "../../ports/clock.ts";

/** What is broken at this moment, asked at every call. */
export type ChaosControl = { readonly isOn: (...modes: readonly ChaosMode[]) => boolean };

/** A control that follows a log; it cannot be made for a live world. */
export type ChaosFollower = ChaosControl & {
  readonly world: ChaosWorld;
  /** The same log; what is noted here is in force at once. */
  readonly log: ChaosLog;
  /** Reads what others noted, at most every few seconds. */
  readonly look: () => Promise<void>;
  /** How often something met each failure. */
  readonly struck: () => Readonly<Partial<Record<Failure, number>>>;
};

/** A port that answers later in everything it does: only such a one can be waited before. */
export type PromisingPort = {
  readonly [method: string]: ((...given: never[]) => Promise<unknown>) | undefined;
};

/** The same port, whose every method first lets `chaos` look at what others noted. */
export const lookFirst = <Port extends PromisingPort>(port: Port, chaos: ChaosFollower): Port =>
  new Proxy(port, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      return async (...given: readonly unknown[]): Promise<unknown> => {
        await chaos.look();
        return Reflect.apply(method, target, given) as unknown;
      };
    },
  });

/** So long a function may go on as it was after another noted something. */
const LOOK_EVERY_MS = 5_000;

/** Makes the control of a world that may be broken; `clock` is one that no failure touches. */
export const createChaosFollower = (
  world: ChaosWorld,
  log: ChaosLog,
  clock: Clock,
): ChaosFollower => {
  let current: ChaosRecord | undefined;
  let lookedAtMs = -Infinity;
  const strikes: Partial<Record<Failure, number>> = {};
  return {
    world,
    log: {
      list: log.list,
      note: async (record) => {
        await log.note(record);
        current = record;
      },
    },
    look: async () => {
      const nowMs = clock.monotonicMs();
      if (nowMs - lookedAtMs < LOOK_EVERY_MS) return;
      lookedAtMs = nowMs;
      try {
        [current] = await log.list(1);
      } catch (error) {
        // What breaks things must not break things of its own.
        const isFault = error instanceof RetryableError || error instanceof TerminalError;
        if (!isFault) throw error;
      }
    },
    struck: () => ({ ...strikes }),
    isOn: (...modes) => {
      if (current === undefined || !modes.includes(current.failure)) return false;
      if (endOf(current, clock.nowMs()) !== null) return false;
      strikes[current.failure] = (strikes[current.failure] ?? 0) + 1;
      return true;
    },
  };
};
