import { marketPhase } from "../../shared/domain/market/calendar.ts";
import type { Alert } from "../../shared/ports/alerts.ts";
import type { Observation } from "../observation.ts";
import { broken, type Finding, HOLDS, type Invariant, judgeBy, type Scene } from "./invariant.ts";

/**
 * So long a fault may stand until health says so, and somebody is told, by what is at fault. It
 * counts to the next run that derives health: every minute where the product is deployed.
 */
export const TOLD_WITHIN_MS = {
  broker: 6 * 60_000,
  "every vendor": 8 * 60_000,
  ledger: 6 * 60_000,
  cell: 6 * 60_000,
} as const;

/** What stands, by what is at fault. */
type Fault = keyof typeof TOLD_WITHIN_MS;

type Outage = { readonly sinceMs: number; readonly untilMs: number };

type Ended = Extract<Observation, { type: "functionEnded" }>;

/**
 * (23) Every fault that persists is told of within its bound: whoever derives health while a fault
 * has stood for longer finds it, the last word about the Region's health is an incident, and
 * where trading has failed somebody was called since the incident began.
 */
export const createFaultsAreTold = (): Invariant => {
  const outages = new Map<Fault, Outage>();
  const isolatedSinceMs = new Map<string, number>();
  const startedAtMs = new Map<number, number>();
  /** The worst that was said of a Region's health since its incident began; none, none. */
  const told = new Map<string, Alert["severity"]>();
  let damagedSinceMs: number | undefined;
  /** Since when the same Region holds the account and trading is not halted. */
  let tradesSinceMs = -Infinity;

  const standing = (region: string, atMs: number, scene: Scene): readonly [Fault, number][] => {
    const found: [Fault, number][] = [];
    for (const [fault, { sinceMs, untilMs }] of outages) {
      if (atMs >= untilMs) continue;
      if (fault === "broker" || fault === "ledger") found.push([fault, sinceMs]);
      // Only who trades needs prices.
      else if (scene.facts.cell()?.activeRegion === region) {
        found.push([fault, Math.max(sinceMs, tradesSinceMs)]);
      }
    }
    const isolated = isolatedSinceMs.get(region);
    if (isolated !== undefined) found.push(["ledger", isolated]);
    if (damagedSinceMs !== undefined) found.push(["cell", damagedSinceMs]);
    return found;
  };
  const judgeHealth = (ended: Ended, scene: Scene): readonly Finding[] => {
    const { actor, answer, atMs } = ended;
    const fromMs = startedAtMs.get(actor.invocation) ?? atMs;
    startedAtMs.delete(actor.invocation);
    if (typeof answer !== "object" || answer === null || !("level" in answer)) return HOLDS;
    const level = String(answer.level);
    for (const [fault, sinceMs] of standing(actor.region, fromMs, scene)) {
      const isLate = fromMs - sinceMs > TOLD_WITHIN_MS[fault];
      if (!isLate || !isOpenFrom(sinceMs, fromMs)) continue;
      if (level === "OK") return broken(`Health is OK although the ${fault} has long been out.`);
      const severity = told.get(actor.region);
      if (severity === undefined) {
        return broken(`Nobody is told that the ${fault} has long been out.`);
      }
      if (level !== "DEGRADED" && severity !== "critical") {
        return broken(`Nobody is called although health is ${level}.`);
      }
    }
    return HOLDS;
  };

  return {
    name: "faults-are-told",
    judge: judgeBy({
      outageBegan: (observation) => begin(outages, observation),
      regionIsolated: ({ region, atMs }) => {
        isolatedSinceMs.set(region, atMs);
        return HOLDS;
      },
      regionHealed: ({ region }) => {
        isolatedSinceMs.delete(region);
        return HOLDS;
      },
      cellDamaged: ({ atMs }) => {
        damagedSinceMs ??= atMs;
        return HOLDS;
      },
      cellWritten: ({ before, after, atMs }) => {
        damagedSinceMs = undefined;
        const isSame = typeof before === "object" && before.activeRegion === after.activeRegion;
        const isHalted = after.tradingState.mode === "halted";
        const wasHalted = typeof before === "object" && before.tradingState.mode === "halted";
        if (!isSame || isHalted || wasHalted) tradesSinceMs = atMs;
        return HOLDS;
      },
      faultsStopped: () => {
        outages.clear();
        return HOLDS;
      },
      alertRaised: ({ region, alert }) => noteWord(told, region, alert),
      alertKept: ({ actor, record }) => noteWord(told, actor.region, record.alert),
      functionStarted: ({ actor, atMs }) => {
        if (actor.functionName === "aggregate-health") startedAtMs.set(actor.invocation, atMs);
        return HOLDS;
      },
      functionEnded: (observation, scene) =>
        observation.actor.functionName === "aggregate-health"
          ? judgeHealth(observation, scene)
          : HOLDS,
    }),
  };
};

const begin = (
  outages: Map<Fault, Outage>,
  { of, untilMs, atMs }: Extract<Observation, { type: "outageBegan" }>,
): readonly Finding[] => {
  const known = outages.get(of);
  const stands = known !== undefined && atMs < known.untilMs;
  outages.set(of, {
    sinceMs: stands ? known.sinceMs : atMs,
    untilMs: stands ? Math.max(known.untilMs, untilMs) : untilMs,
  });
  return HOLDS;
};

const noteWord = (
  told: Map<string, Alert["severity"]>,
  region: string,
  { key, action, severity }: Pick<Alert, "key" | "action" | "severity">,
): readonly Finding[] => {
  if (key !== `system-health-${region}`) return HOLDS;
  if (action === "resolve") told.delete(region);
  else if (told.get(region) !== "critical") told.set(region, severity);
  return HOLDS;
};

/** Outside a session nobody has to prove that they work. */
const isOpenFrom = (sinceMs: number, atMs: number): boolean => {
  const { phase, session } = marketPhase(atMs);
  return phase === "open" && session !== undefined && session.opensAtMs <= sinceMs;
};
