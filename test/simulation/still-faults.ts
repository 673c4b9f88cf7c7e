import { createFaultControl, type FaultControl } from "../../simulation/faults/fault-control.ts";
import type { FaultKind, InjectedFault } from "../../simulation/faults/fault-kind.ts";

/** Faults for a test of one service: the given kinds strike every time, and no other ever does. */
export const faultsOf = (
  kinds: readonly FaultKind[] = [],
  onStrike: (fault: InjectedFault) => void = () => undefined,
): FaultControl =>
  createFaultControl({
    seedKey: 1,
    enabled: kinds.map((kind) => ({ kind, rate: 1 })),
    onlyFaults: undefined,
    nowMs: () => 0,
    onStrike,
  });
