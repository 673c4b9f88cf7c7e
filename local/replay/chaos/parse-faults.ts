import { parseSessionDate, type SessionDate } from "../../../shared/domain/market/session-date.ts";
import { err, ok, type Result } from "../../../shared/domain/result.ts";
import { CHAOS_KINDS, type ChaosKind, type ChaosKindRule } from "./fault-kinds.ts";

/** A fault as it was asked for; New York's time, durations in ms. */
export type FaultSpec = {
  /** As it was written. */
  readonly text: string;
  readonly kind: ChaosKind;
  /** `undefined`: on every recorded day. */
  readonly day: SessionDate | undefined;
  /** What New York's clocks show, in ms since 00:00. */
  readonly msOfDay: number;
  /** `undefined`: until the day's last minute. */
  readonly durationMs: number | undefined;
};

/** The grammar in one line, for help and errors. */
export const FAULT_GRAMMAR = "NAME@[YYYY-MM-DDT]HH:MM[:SS][+N(s|m|h)]";

/** More faults than this is a mistake: each is also run alone. */
const FAULTS_MAX = 20;
const TEXT_MAX = 60;
const MS_PER_SECOND = 1_000;
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** Reads `vendor-outage@10:00+15m,region-loss@13:00`; the refusal is a sentence that names one. */
export const parseFaults = (text: string): Result<readonly FaultSpec[], string> => {
  const words = text.split(",").map((word) => word.trim());
  if (words.length > FAULTS_MAX) return err(`At most ${FAULTS_MAX} faults can be asked for.`);
  const specs: FaultSpec[] = [];
  for (const word of words) {
    const spec = parseFault(word);
    if (!spec.ok) return spec;
    if (specs.some((other) => other.text === word)) return err(`${word} is asked for twice.`);
    specs.push(spec.value);
  }
  return ok(specs);
};

const parseFault = (text: string): Result<FaultSpec, string> => {
  const shown = JSON.stringify(text.slice(0, TEXT_MAX));
  const parts = /^([^@]*)@(?:([^T+]*)T)?([^+]*)(?:\+(.*))?$/.exec(text);
  if (parts === null) return err(`${shown} is not ${FAULT_GRAMMAR}.`);
  const [, name = "", day, time = "", duration] = parts;
  const rule = CHAOS_KINDS.find(({ kind }) => kind === name);
  if (rule === undefined) return err(`${shown}: ${unknownKind(name)}`);
  const date = day === undefined ? undefined : parseSessionDate(day);
  if (day !== undefined && date === undefined) {
    return err(`${shown}: ${JSON.stringify(day)} is not a date such as 2013-10-08.`);
  }
  const msOfDay = parseTime(time);
  if (msOfDay === undefined) {
    return err(`${shown}: ${JSON.stringify(time)} is not a time such as 10:00 or 10:00:30.`);
  }
  const lasts = parseLength(rule, duration);
  if (!lasts.ok) return err(`${shown}: ${lasts.error}`);
  return ok({ text, kind: rule.kind, day: date, msOfDay, durationMs: lasts.value });
};

const unknownKind = (name: string): string => {
  const near = CHAOS_KINDS.find(({ kind }) => isNear(kind, name));
  return near === undefined
    ? `there is no such fault; there are ${CHAOS_KINDS.map(({ kind }) => kind).join(", ")}.`
    : `there is no such fault; did you mean ${near.kind}?`;
};

/** Whether one letter more, less or other makes one word of the other. */
const isNear = (left: string, right: string): boolean => {
  if (Math.abs(left.length - right.length) > 1) return false;
  let start = 0;
  while (start < left.length && left[start] === right[start]) start++;
  const rest = (text: string, skipped: number): string => text.slice(start + skipped);
  return (
    rest(left, 1) === rest(right, 1) ||
    rest(left, 0) === rest(right, 1) ||
    rest(left, 1) === rest(right, 0)
  );
};

const parseTime = (text: string): number | undefined => {
  const match = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text);
  if (match === null) return undefined;
  const [, hours, minutes, seconds = "0"] = match;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * MS_PER_SECOND;
};

const parseLength = (
  { kind, isOpenEnded }: ChaosKindRule,
  text: string | undefined,
): Result<number | undefined, string> => {
  if (text === undefined) {
    return isOpenEnded ? ok(undefined) : err(`${kind} needs a duration, such as +15m.`);
  }
  const match = /^([1-9]\d{0,5})([smh])$/.exec(text);
  const unit = UNITS[match?.[2] ?? ""];
  return match === null || unit === undefined
    ? err(`${JSON.stringify(`+${text}`)} is not a duration such as +30s, +15m or +1h.`)
    : ok(Number(match[1]) * unit);
};
