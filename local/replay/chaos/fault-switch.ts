import type { Clock } from "../../../shared/ports/clock.ts";
import type { ChaosKind } from "./fault-kinds.ts";
import type { ChaosFault } from "./place-faults.ts";

/** Which faults hold now, and how often each was felt. */
export type FaultSwitch = {
  /** Whether a fault of this kind is planned at all; what is not need not be wrapped. */
  readonly isPlanned: (kind: ChaosKind) => boolean;
  /** Whether one holds now. */
  readonly isOn: (kind: ChaosKind) => boolean;
  /** Notes that the fault of this kind that holds now (or at `atMs`), if one does, was felt. */
  readonly strike: (kind: ChaosKind, atMs?: number) => void;
  /** By the fault as it was written. */
  readonly struck: (text: string) => number;
};

/** Makes the switch of faults on a world's clock. */
export const createFaultSwitch = (
  faults: readonly ChaosFault[],
  clock: Pick<Clock, "nowMs">,
): FaultSwitch => {
  const byKind = Map.groupBy(faults, ({ kind }) => kind);
  const counts = new Map<string, number>();
  const faultAt = (kind: ChaosKind, atMs: number): ChaosFault | undefined =>
    byKind
      .get(kind)
      ?.find(({ windows }) =>
        windows.some(({ fromMs, untilMs }) => atMs >= fromMs && atMs < untilMs),
      );
  return {
    isPlanned: (kind) => byKind.has(kind),
    isOn: (kind) => faultAt(kind, clock.nowMs()) !== undefined,
    strike: (kind, atMs = clock.nowMs()) => {
      const fault = faultAt(kind, atMs);
      if (fault !== undefined) counts.set(fault.text, (counts.get(fault.text) ?? 0) + 1);
    },
    struck: (text) => counts.get(text) ?? 0,
  };
};
