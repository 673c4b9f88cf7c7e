import type { Functions } from "../functions.ts";
import type { MachineryOptions } from "./machinery-options.ts";
import { createWorkflow } from "./run-workflow.ts";
import type { Schedule } from "./scheduler.ts";

const TRADING_CYCLE = new URL("../../lib/workflows/trading-cycle.asl.json", import.meta.url);

const MINUTE_MS = 60_000;

/**
 * When each is woken. Fills of a minute's orders are taken, and health derived, after the cycle has
 * done its work.
 */
const SLOTS = {
  "trading-cycle": { everyMs: MINUTE_MS, phaseMs: 0 },
  "reconcile-orders": { everyMs: MINUTE_MS, phaseMs: 20_000 },
  "aggregate-health": { everyMs: MINUTE_MS, phaseMs: 30_000 },
  "keep-audit": { everyMs: MINUTE_MS, phaseMs: 35_000 },
  "probe-pipeline": { everyMs: 15 * MINUTE_MS, phaseMs: 40_000 },
  "redrive-dead-letters": { everyMs: MINUTE_MS, phaseMs: 45_000 },
  heal: { everyMs: 5 * MINUTE_MS, phaseMs: 50_000 },
  "back-up": { everyMs: 10 * MINUTE_MS, phaseMs: 55_000 },
} as const;

type Slot = keyof typeof SLOTS;

/** What is woken by more than its schedule. */
export type Woken = {
  readonly reconcile: () => Promise<unknown>;
  readonly deriveHealth: () => Promise<unknown>;
  readonly heal: () => Promise<unknown>;
};

/** The schedules of everything but the lease, each for one slot of the world's time. */
export const createSchedules = (
  functions: Functions,
  { clock, tell }: Pick<MachineryOptions, "clock" | "tell">,
  woken: Woken,
): readonly Schedule[] => {
  const runCycle = createWorkflow(TRADING_CYCLE, {
    OpenCycle: functions.openCycle,
    PollMarketData: functions.pollMarketData,
    PollFlow: functions.pollFlow,
    CloseCycle: functions.closeCycle,
  });
  return [
    schedule("probe-pipeline", () => functions.probePipeline({})),
    schedule("heal", woken.heal),
    schedule("trading-cycle", async (slotMs) => {
      const output = await runCycle({ slot: new Date(slotMs).toISOString() });
      tell({ type: "cycle", atMs: clock.nowMs(), ...describeCycle(output) });
    }),
    schedule("reconcile-orders", woken.reconcile),
    schedule("aggregate-health", woken.deriveHealth),
    schedule("back-up", () => functions.backUp({})),
    schedule("keep-audit", () => functions.keepAudit({})),
    schedule("redrive-dead-letters", () => functions.redriveDeadLetters({})),
  ];
};

const schedule = (name: Slot, work: (slotMs: number) => Promise<unknown>): Schedule => ({
  name,
  ...SLOTS[name],
  run: async (slotMs) => void (await work(slotMs)),
});

/** A workflow ends with what its last state put out: a closed cycle, or why there was none. */
const describeCycle = (
  output: unknown,
): { readonly outcome: string; readonly reason: string; readonly dataMode: string | null } => {
  const fields = typeof output === "object" && output !== null ? output : {};
  const outcome = "outcome" in fields ? String(fields.outcome) : "skipped";
  const dataMode = "dataMode" in fields ? fields.dataMode : undefined;
  return {
    outcome,
    reason: "reason" in fields ? String(fields.reason) : "",
    dataMode: typeof dataMode === "string" ? dataMode : null,
  };
};
