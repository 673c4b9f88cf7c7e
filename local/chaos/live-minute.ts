import type { SystemHealth } from "../../shared/domain/health/system-health.ts";
import type { Diagnosed } from "../../lambdas/run-diagnostics/handler.ts";
import { createWorkMinute, type MinuteCounts } from "../replay/replay-minute.ts";
import { createWorkflow } from "../world/run-workflow.ts";
import type { ChaosWorld } from "./chaos-world.ts";

/** What a minute showed. */
export type MinuteSeen = {
  /** Undefined where it could not be derived. */
  readonly health: SystemHealth | undefined;
  /** Functions that failed in this minute, as CloudWatch's error alarms would count them. */
  readonly failed: readonly string[];
  /** What each step of healing answered. */
  readonly healed: readonly Diagnosed[];
};

const HEAL = new URL("../../lib/workflows/heal.asl.json", import.meta.url);
const MINUTE_MS = 60_000;
const REDRIVE_MS = 45_000;
const HEAL_EVERY_MINUTES = 5;
const PROBE_EVERY_MINUTES = 15;

/** Lives a virtual minute as the schedules do: cycle, queues, health, dead letters, probe, heal. */
export const createLiveMinute = (world: ChaosWorld): ((slotMs: number) => Promise<MinuteSeen>) => {
  const { clock, functions } = world;
  const counts: MinuteCounts = { quotes: 0, quotesRejected: new Map(), faults: new Map() };
  let health: SystemHealth | undefined;
  let healed: readonly Diagnosed[] = [];
  const work = createWorkMinute(
    {
      clock,
      queues: world.queues,
      functions: {
        ...functions,
        aggregateHealth: async (event) => {
          health = await functions.aggregateHealth(event);
          return health;
        },
      },
    },
    counts,
  );
  const heal = createWorkflow(
    HEAL,
    {
      RunDiagnostics: async (input) => {
        const answer = await functions.runDiagnostics(input);
        healed = [...healed, answer];
        return answer;
      },
      ProbePipeline: functions.probePipeline,
      PollFlow: functions.pollFlow,
      ReconcileOrders: functions.reconcileOrders,
      RedriveDeadLetters: functions.redriveDeadLetters,
    },
    { LetItWork: 0 },
  );
  return async (slotMs) => {
    health = undefined;
    healed = [];
    counts.faults.clear();
    clock.setTo(Math.max(slotMs, clock.nowMs()));
    world.drive(clock.nowMs());
    await work(slotMs);
    clock.setTo(Math.max(slotMs + REDRIVE_MS, clock.nowMs()));
    const minute = Math.floor(slotMs / MINUTE_MS);
    const attempt = async (name: string, act: () => Promise<unknown>): Promise<void> => {
      try {
        await act();
      } catch {
        counts.faults.set(`${name}: failed`, 1);
      }
    };
    await attempt("redrive-dead-letters", () => functions.redriveDeadLetters({}));
    if (minute % PROBE_EVERY_MINUTES === 0) {
      await attempt("probe-pipeline", () => functions.probePipeline({}));
    }
    if (minute % HEAL_EVERY_MINUTES === 0) await attempt("heal", () => heal({}));
    await attempt("notify", world.deliverAlerts);
    const failed = [...counts.faults.keys()].map((sentence) => sentence.split(":")[0] ?? sentence);
    return { health, failed, healed };
  };
};
