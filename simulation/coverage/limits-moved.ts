import { canonicalJson } from "../../shared/domain/canonical-json.ts";
import type { Limits } from "../../shared/domain/risk/limits.ts";

/** Whether limits are the same, to the letter. */
export const areLimitsAlike = (left: Limits, right: Limits): boolean =>
  left === right || canonicalJson(left) === canonicalJson(right);

/** Whether one allows larger positions than the other. */
export const isLooser = (one: Limits, other: Limits): boolean =>
  one.maxPositionSize > other.maxPositionSize;
