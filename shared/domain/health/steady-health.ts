import { marketPhase } from "../market/calendar.ts";
import { aggregate } from "./assess-system.ts";
import { COMPONENTS } from "./component-registry.ts";
import { firstProofOf } from "./first-proof.ts";
import type { ComponentHealth, ComponentLevel, SystemHealth } from "./system-health.ts";

/** How reluctantly a bad level is left. */
export type SteadyPolicy = {
  /** Looks in a row that have to find a component better. */
  readonly goodLooks: number;
  /** Looks that come sooner after one another count as one, milliseconds. */
  readonly lookDistanceMs: number;
};

/**
 * Two looks, which come every minute: what is silent and heard in turn is one incident. What failed
 * had to prove itself before (incident-over.ts), so that people hear two to four minutes after the
 * end of the cause that it is over; trading has waited for none of it.
 */
export const STEADY_POLICY: SteadyPolicy = { goodLooks: 2, lookDistanceMs: 30_000 };

/** How a look at health is taken. */
export type Look = {
  /** Whether it counts: a look that nobody keeps moves nothing on. */
  readonly isKept: boolean;
  readonly policy?: SteadyPolicy;
};

/**
 * Returns health as it is told: `now` as evidence has it, but no component leaves a worse level
 * than that before enough looks in a row found it better. What gets worse is told at once, and what
 * had never proven anything before is no incident to be held.
 */
export const steadyHealth = (
  before: SystemHealth | undefined,
  now: SystemHealth,
  { isKept, policy = STEADY_POLICY }: Look,
): SystemHealth => {
  if (before === undefined) return now;
  const counts = isKept && now.atMs - before.atMs >= policy.lookDistanceMs;
  const moment = marketPhase(now.atMs);
  const openSession = moment.phase === "open" ? moment.session : undefined;
  const components = now.components.map((one, place) => {
    const last = lastOf(before, one, place);
    const sinceMs = last?.unproven?.sinceMs ?? now.atMs;
    const waiting = waitingOn(one, { sinceMs, nowMs: now.atMs, openSession });
    return steady(last, waiting, counts ? 1 : 0, policy);
  });
  // So it is nearly always: evidence and what is told are one.
  if (components.every((one, place) => one === now.components[place])) return now;
  return aggregate(components, { atMs: now.atMs, isOpen: openSession !== undefined });
};

/** Two looks by the same rules have their components at the same places. */
const lastOf = (
  { components }: SystemHealth,
  { component }: ComponentHealth,
  place: number,
): ComponentHealth | undefined =>
  components[place]?.component === component
    ? components[place]
    : components.find((one) => one.component === component);

/** What has proven nothing is waited for since it was first seen, and not since this look. */
const waitingOn = (
  one: ComponentHealth,
  waiting: Parameters<typeof firstProofOf>[1],
): ComponentHealth => {
  if (one.unproven === undefined) return one;
  const rule = COMPONENTS.find(({ component }) => component === one.component);
  return rule === undefined ? one : { ...one, unproven: firstProofOf(rule, waiting) };
};

const RANK: Readonly<Record<ComponentLevel, number>> = {
  healthy: 0,
  degraded: 1,
  unhealthy: 2,
  unknown: 3,
  critical: 4,
};

const steady = (
  before: ComponentHealth | undefined,
  now: ComponentHealth,
  look: 0 | 1,
  { goodLooks }: SteadyPolicy,
): ComponentHealth => {
  const hadBegun = before !== undefined && before.evidenceAtMs !== null;
  if (!hadBegun || RANK[now.level] >= RANK[before.level]) return now;
  const betterLooks = (before.betterLooks ?? 0) + look;
  if (betterLooks >= goodLooks) return now;
  const { level, fault } = before;
  const left = goodLooks - betterLooks;
  const looks = left === 1 ? "one good look" : `${left} good looks`;
  const reason = `${now.reason} It was ${level}, and still counts so for ${looks}.`;
  return { ...now, level, reason, betterLooks, ...(fault === undefined ? {} : { fault }) };
};
