import { sessionOf, type Session } from "../../../shared/domain/market/calendar.ts";
import { newYorkToEpochMs } from "../../../shared/domain/market/new-york-time.ts";
import type { SessionDate } from "../../../shared/domain/market/session-date.ts";
import { err, ok, type Result } from "../../../shared/domain/result.ts";
import type { ChaosKind } from "./fault-kinds.ts";
import type { FaultSpec } from "./parse-faults.ts";

/** A stretch of virtual time, epoch ms; `untilMs` is no part of it. */
export type FaultWindow = { readonly fromMs: number; readonly untilMs: number };

/** A fault with the moments at which it holds. */
export type ChaosFault = {
  /** As it was written. */
  readonly text: string;
  readonly kind: ChaosKind;
  /** In the order of time, one a day at most; never empty. */
  readonly windows: readonly FaultWindow[];
};

/**
 * Puts faults on recorded days: on the one that is named, or on every one on which the market is
 * open meanwhile. The refusal is a sentence on the first that can strike nothing.
 */
export const placeFaults = (
  specs: readonly FaultSpec[],
  days: readonly SessionDate[],
): Result<readonly ChaosFault[], string> => {
  const faults: ChaosFault[] = [];
  for (const spec of specs) {
    const { text, kind, day } = spec;
    if (day !== undefined && !days.includes(day)) {
      return err(`${text}: ${day} is not recorded; recorded are ${days.join(", ")}.`);
    }
    const windows = (day === undefined ? days : [day]).flatMap((date) => windowOn(spec, date));
    if (windows.length === 0) return err(`${text}: the market is closed all that time.`);
    faults.push({ text, kind, windows });
  }
  return ok(faults);
};

/** A day ends for an open-ended fault where the next one can begin. */
const DAY_MS = 24 * 3_600_000;

const windowOn = (spec: FaultSpec, date: SessionDate): readonly FaultWindow[] => {
  const session = sessionOf(date);
  if (session === undefined) return [];
  const fromMs = newYorkToEpochMs(date, spec.msOfDay);
  const untilMs =
    spec.durationMs === undefined ? newYorkToEpochMs(date, DAY_MS) : fromMs + spec.durationMs;
  return isOpenWithin(session, fromMs, untilMs) ? [{ fromMs, untilMs }] : [];
};

const isOpenWithin = ({ opensAtMs, closesAtMs }: Session, fromMs: number, untilMs: number) =>
  fromMs < closesAtMs && untilMs > opensAtMs;
