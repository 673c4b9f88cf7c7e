import type {
  ComponentLevel,
  SystemHealth,
  SystemLevel,
} from "../../shared/domain/health/system-health.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Timers } from "../../shared/ports/timers.ts";
import type { TellEvent } from "./world-event.ts";

/** What deriving health at the right moment needs. */
export type WatchfulHealthDeps = {
  readonly derive: () => Promise<SystemHealth>;
  /** Starts the heal workflow; joins the one that runs. */
  readonly heal: () => Promise<unknown>;
  /** Proves end to end that it works again, and ends what people were told. */
  readonly prove: () => Promise<unknown>;
  readonly timers: Timers;
  /** The world's. */
  readonly clock: Pick<Clock, "nowMs">;
  /** This machine's. */
  readonly host: Pick<Clock, "monotonicMs">;
  readonly tell: TellEvent;
  readonly onFailure: (name: string, error: unknown) => void;
};

/** Derives health when it is due, and at once when something failed. */
export type WatchfulHealth = {
  readonly derive: () => Promise<void>;
  /** Something failed: health is derived in a moment, whatever the schedule says. */
  readonly soon: () => void;
  readonly level: () => SystemLevel | null;
  readonly stop: () => void;
};

/** Whatever fails together is looked at together, in the host's milliseconds. */
const GATHER_MS = 20;
/** While failures rain down, one look follows another no sooner. */
const DISTANCE_MS = 200;

/** Makes it; what gets worse is also healed at once and not at the next turn of the schedule. */
export const createWatchfulHealth = (deps: WatchfulHealthDeps): WatchfulHealth => {
  const { timers, host, onFailure } = deps;
  let last: SystemHealth | undefined;
  let cancel: (() => void) | undefined;
  let lookedAtMs = -Infinity;
  let isStopped = false;

  const look = async (): Promise<void> => {
    lookedAtMs = host.monotonicMs();
    const health = await deps.derive();
    const before = last;
    last = health;
    if (health.level !== before?.level) {
      const { level, reason } = health;
      const from = before?.level ?? null;
      deps.tell({ type: "healthChanged", atMs: deps.clock.nowMs(), from, to: level, reason });
    }
    if (before === undefined || isStopped) return;
    if (isWorse(before, health)) {
      deps.heal().catch((error: unknown) => onFailure("heal", error));
    } else if (isBetter(before, health)) {
      deps.prove().catch((error: unknown) => onFailure("heal", error));
    }
  };
  return {
    derive: look,
    soon: () => {
      if (isStopped || cancel !== undefined) return;
      const restMs = DISTANCE_MS - (host.monotonicMs() - lookedAtMs);
      cancel = timers.after(Math.max(GATHER_MS, restMs), () => {
        cancel = undefined;
        look().catch((error: unknown) => onFailure("aggregate-health", error));
      });
    },
    level: () => last?.level ?? null,
    stop: () => {
      isStopped = true;
      cancel?.();
    },
  };
};

const RANK: Readonly<Record<ComponentLevel, number>> = {
  healthy: 0,
  degraded: 1,
  unhealthy: 2,
  unknown: 2,
  critical: 3,
};

/** All is well again, or at least the critical part is. */
const isBetter = (before: SystemHealth, now: SystemHealth): boolean =>
  before.level !== now.level && (now.level === "OK" || before.level.startsWith("FAILED"));

/** A component that is worse than it was, and had shown before that it works. */
const isWorse = (before: SystemHealth, now: SystemHealth): boolean =>
  now.components.some(({ component, level }) => {
    const then = before.components.find((one) => one.component === component);
    return then !== undefined && then.evidenceAtMs !== null && RANK[level] > RANK[then.level];
  });
