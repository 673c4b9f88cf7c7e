import type { ComponentLevel } from "../../shared/domain/health/system-health.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import type { Settled } from "../drills/settle-world.ts";
import type { OrderFaults } from "../replay/order-witness.ts";
import type { Played } from "./play-scenario.ts";
import type { ChaosScenario } from "./scenarios.ts";
import type { Sightings } from "./watch-scenario.ts";

/** What one scenario came to; null where it never happened. */
export type ScenarioResult = {
  readonly name: ChaosScenario["name"];
  readonly expects: ChaosScenario["expects"];
  readonly needsPeople: boolean;
  readonly isOnce: boolean;
  /** From the injection to the first sign of it, the world's milliseconds. */
  readonly detectMs: number | null;
  /** What that sign was. */
  readonly firstSign: string;
  /** From the first sign to the first alert at the pager, in real milliseconds. */
  readonly signToAlertMs: number | null;
  /** From the injection to the first alert at the pager, the world's milliseconds. */
  readonly alertMs: number | null;
  /** How often something met the failure. */
  readonly struck: number;
  /** From the end of the cause to the next order, the world's milliseconds. */
  readonly tradesAgainMs: number | null;
  /** From the end of the cause to health that is OK, the world's milliseconds. */
  readonly recoverMs: number | null;
  /** What health last said, in its own words. */
  readonly lastReason: string;
  /** The worst level that health showed; null where it was not derived at all. */
  readonly worst: string | null;
  readonly alerts: readonly string[];
  readonly remedies: readonly string[];
  readonly ordersSent: number;
  readonly ordersDoubled: number;
  readonly ordersUnguarded: number;
  /** Claims without a known end, and what ledger and broker differ in, after the recovery. */
  readonly dataLost: readonly string[];
  /** Components that were not healthy at some time, whether or not they were struck. */
  readonly lame: readonly string[];
  /** Components and symbols that need nothing of what was broken: how many. */
  readonly bystanders: number;
  /** Which of them failed, or stopped, all the same. */
  readonly cascaded: readonly string[];
  readonly ok: boolean;
  /** What did not hold, a sentence each. */
  readonly broken: readonly string[];
};

/** What a scenario is judged by. */
export type JudgeInput = {
  readonly scenario: ChaosScenario;
  readonly played: Played;
  readonly seen: Sightings;
  readonly settled: Settled;
  readonly orders: OrderFaults & { readonly ordersSent: number };
  readonly settings: Pick<Settings, "symbols" | "shardSize">;
};

/** Bounds of a pass: what is asked of AWS, where schedules run each minute. */
const MINUTE_MS = 60_000;
const SIGN_TO_ALERT_MAX_MS = 1_000;
/** Each by itself; the mean of all is at most five minutes (E10). */
const RECOVER_MAX_MS = 10 * MINUTE_MS;
const FAILED_LEVELS: readonly ComponentLevel[] = ["unhealthy", "unknown", "critical"];

/** Measures a scenario that was played, and says what did not hold. */
export const judgeScenario = (input: JudgeInput): ScenarioResult => {
  const { scenario, played, seen, settled, orders } = input;
  const { name, expects, needsPeople, isOnce } = scenario;
  const { injected, mendedAtMs } = played;
  const { firstSign, firstAlert } = seen;
  const measured = {
    name,
    expects,
    needsPeople,
    isOnce,
    detectMs: since(injected.worldMs, firstSign?.worldMs),
    firstSign: seen.firstSignText,
    signToAlertMs: firstSign === null ? null : since(firstSign.hostMs, firstAlert?.hostMs),
    alertMs: since(injected.worldMs, firstAlert?.worldMs),
    struck: played.struck,
    tradesAgainMs: since(mendedAtMs, played.tradesAtMs),
    recoverMs: since(mendedAtMs, played.wellAtMs),
    lastReason: played.lastReason,
    worst: seen.worst,
    alerts: [...seen.alerts],
    remedies: [...seen.remedies],
    ordersSent: orders.ordersSent,
    ordersDoubled: orders.duplicateOrders,
    ordersUnguarded: orders.unguardedOrders,
    dataLost: lostOf(settled),
    lame: [...seen.worstOf].flatMap(([component, level]) => (level === "healthy" ? [] : component)),
    ...cascadesOf(input),
  };
  const broken = judge(measured, scenario.signMinutesMax * MINUTE_MS);
  return { ...measured, ok: broken.length === 0, broken };
};

const since = (fromMs: number, atMs: number | undefined | null): number | null =>
  atMs === undefined || atMs === null ? null : Math.max(0, Math.round(atMs - fromMs));

const isOver = (ms: number | null, mostMs: number): boolean => ms === null || ms > mostMs;

const lostOf = ({ ledgerEqualsBroker, unknownLeft, differences }: Settled): readonly string[] => [
  ...(ledgerEqualsBroker ? [] : differences),
  ...(unknownLeft > 0 ? [`${unknownLeft} orders are unknown.`] : []),
];

/**
 * A cascade: a component that needs nothing of what was broken fails (unhealthy, critical, or its
 * proof is overdue), or a symbol that needs nothing of it is no longer scored.
 */
const cascadesOf = ({
  scenario: { strikes, stops },
  played,
  seen,
  settings: { symbols, shardSize },
}: JudgeInput): Pick<ScenarioResult, "bystanders" | "cascaded"> => {
  const components =
    strikes === "everything"
      ? []
      : played.healthyBefore.filter((component) => !strikes.includes(component));
  const isMeant = (index: number): boolean =>
    stops === "allSymbols" || (stops === "oneSymbol" && index % shardSize === 0);
  const others = symbols.filter((_symbol, index) => !isMeant(index));
  const failed = components.filter((component) =>
    FAILED_LEVELS.includes(seen.worstOf.get(component) ?? "healthy"),
  );
  const stopped = others.filter((symbol) => played.stoppedSymbols.includes(symbol));
  return { bystanders: components.length + others.length, cascaded: [...failed, ...stopped] };
};

/** What must hold, and does not. Cascades are judged over all scenarios together. */
const judge = (
  result: Omit<ScenarioResult, "ok" | "broken">,
  signMaxMs: number,
): readonly string[] => {
  const { detectMs, signToAlertMs, recoverMs, expects, dataLost } = result;
  const mustAlert = expects === "alert";
  return [
    ...(result.struck > 0 ? [] : ["Nothing met the failure: the scenario proves nothing."]),
    ...(result.ordersSent > 0 ? [] : ["Nothing was traded: the scenario proves nothing."]),
    ...(mustAlert && isOver(detectMs, signMaxMs)
      ? [`Nothing showed it within ${signMaxMs / MINUTE_MS} minutes.`]
      : []),
    ...(mustAlert && isOver(signToAlertMs, SIGN_TO_ALERT_MAX_MS)
      ? [`From the first sign to the alert it took ${signToAlertMs ?? "for ever, not"} ms.`]
      : []),
    ...(result.tradesAgainMs === null ? ["No order was sent after it."] : []),
    ...(isOver(recoverMs, RECOVER_MAX_MS)
      ? [`Health was not OK within ten minutes after it: ${result.lastReason}`]
      : []),
    ...(result.ordersDoubled > 0 ? [`${result.ordersDoubled} orders were doubled.`] : []),
    ...(result.ordersUnguarded > 0 ? [`${result.ordersUnguarded} orders had no claim.`] : []),
    ...dataLost,
  ];
};
