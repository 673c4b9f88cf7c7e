import { describeDifferences, differencesOf } from "../../domain/policy/trading-policy.ts";
import type { ControlCell } from "../../domain/risk/control-cell.ts";
import { reduceTrading } from "../../domain/risk/trading-state.ts";
import { updateCell } from "../update-cell.ts";
import type { OpenCycleDeps } from "./open-cycle-deps.ts";

/** Where something is signed, what runs is handed over only if it is that. */
export const checkConfiguration = async (
  deps: OpenCycleDeps,
  cell: ControlCell,
): Promise<ControlCell> => {
  const check = deps.configuration?.check;
  return check === undefined
    ? updateCell(deps, cell, (now) => handOverLimits(deps, now))
    : check(cell);
};

/**
 * Changed limits are handed over. Stored ones that are not what their digest names were changed by
 * nobody who may: they are put back, in either direction, and entries stop until people have
 * looked.
 */
const handOverLimits = ({ settings, clock }: OpenCycleDeps, cell: ControlCell): ControlCell => {
  const { region, limits, limitsDigest } = settings;
  if (cell.activeRegion !== region) return cell;
  if (cell.limitsDigest !== limitsDigest) return { ...cell, limits, limitsDigest };
  const differences = cell.limits === limits ? [] : differencesOf(limits, cell.limits);
  if (differences.length === 0) return cell;
  const reason = `The stored limits were not the configured ones: ${describeDifferences(differences)}.`;
  return reduceTrading({ ...cell, limits }, { reason, by: "open-cycle", atMs: clock.nowMs() });
};
