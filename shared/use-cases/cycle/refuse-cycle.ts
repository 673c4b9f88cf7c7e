import { REST } from "../../domain/health/assess-system.ts";
import type { OpenedCycle } from "../open-cycle.ts";
import type { OpenCycleDeps } from "./open-cycle-deps.ts";
import { prove } from "./prove-opening.ts";

/**
 * Why there is no cycle. `expected` leaves no trace, `fault` counts against health, and the others
 * say that nothing is traded here although the market is open: silence is then no failure.
 */
export type Refusal = {
  readonly reason: string;
  readonly kind: "expected" | "fault" | "halted" | "otherRegionTrades";
};

/**
 * A cycle that did not run is kept where people may ask why; its evidence says whether it should.
 */
export const recordRefusal = async (
  deps: OpenCycleDeps,
  slot: Pick<OpenedCycle, "cycleId" | "slotMs">,
  { kind, reason }: Refusal,
): Promise<void> => {
  switch (kind) {
    case "expected":
      return;
    case "otherRegionTrades":
      return prove(deps, REST, reason, { succeeded: true, fault: null });
    case "halted":
      await recordSkip(deps, slot, reason);
      return prove(deps, REST, reason, { succeeded: false, fault: null });
    case "fault":
      await recordSkip(deps, slot, reason);
      // What hangs on the cycle rests with it: one failure is told as one, and not as five.
      await prove(deps, REST, reason, { succeeded: false, fault: null });
      return prove(deps, "trading-cycle", reason, { succeeded: false, fault: null });
  }
};

const recordSkip = (
  deps: OpenCycleDeps,
  slot: Pick<OpenedCycle, "cycleId" | "slotMs">,
  reason: string,
): Promise<void> =>
  deps.telemetry.recordCycle({
    ...slot,
    closedAtMs: deps.clock.nowMs(),
    outcome: "skipped",
    reason,
    dataMode: null,
  });
