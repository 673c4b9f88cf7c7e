import { createHoldfastApi, type HoldfastApi } from "../../shared/adapters/holdfast-api/client.ts";
import {
  ChaosClearedBody,
  ChaosInjectedBody,
} from "../../shared/adapters/holdfast-api/contract/chaos.ts";
import {
  ResumeRequestedBody,
  ResumedBody,
  TradingStateBody,
} from "../../shared/adapters/holdfast-api/contract/trading-state.ts";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { createHttpClient } from "../../shared/adapters/http/http-client.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import { ownOrders } from "../drills/compare-ledger.ts";
import { DrillFault, startDrillWorld, type DrillWorld } from "../drills/drill-world.ts";
import { settleWorld } from "../drills/settle-world.ts";
import { waitUntil } from "../drills/wait-until.ts";
import { createOrderWitness } from "../replay/order-witness.ts";
import { judgeScenario, type ScenarioResult } from "./judge-scenario.ts";
import type { ChaosScenario } from "./scenarios.ts";
import { createScenarioWatch, type Moment, type ScenarioWatch } from "./watch-scenario.ts";
import { witnessSeams } from "../world/witness-seams.ts";

/** Where and how a scenario is played. */
export type PlayOptions = {
  readonly settings: Settings;
  /** An empty directory. */
  readonly directory: string;
  readonly seed: number;
  /** Market minutes a minute. */
  readonly speed: number;
  readonly stopped: AbortSignal;
};

/** A scenario's world while it runs. */
type Stage = {
  readonly scenario: ChaosScenario;
  readonly world: DrillWorld;
  readonly watch: ScenarioWatch;
  readonly operator: HoldfastApi;
  readonly approver: HoldfastApi;
  readonly wait: (leastMs: number, mostMs: number, isThere: () => boolean) => Promise<boolean>;
};

const MINUTE_MS = 60_000;
/** Trading before the failure: the windows of health are full of successes, something is held. */
const CALM_MS = 10 * MINUTE_MS;
const CALM_MAX_MS = 60 * MINUTE_MS;
/** How long a failure lasts at least, and how long it is waited for whom it should alert. */
const FAILURE_MS = 8 * MINUTE_MS;
const FAILURE_MAX_MS = 16 * MINUTE_MS;
/** Longer than this nobody waits to be well again. */
const RECOVERY_MAX_MS = 40 * MINUTE_MS;
/** A symbol that was not scored for so long has stopped. */
const STOPPED_MS = 3 * MINUTE_MS;

/** What was measured of a scenario before it is judged. */
export type Played = {
  readonly injected: Moment;
  /** When the cause was gone: the end of a lasting failure, the strike of a single one. */
  readonly mendedAtMs: number;
  readonly tradesAtMs: number | null;
  readonly wellAtMs: number | null;
  /** Components that had proven themselves before, and were healthy. */
  readonly healthyBefore: readonly string[];
  readonly stoppedSymbols: readonly string[];
  readonly struck: number;
  readonly lastReason: string;
};

/** Trades in calm, breaks one thing through the API, mends it, waits for recovery, and judges. */
export const playScenario = async (
  scenario: ChaosScenario,
  options: PlayOptions,
): Promise<ScenarioResult> => {
  const { settings, stopped } = options;
  const host = createHostClock();
  const witness = createOrderWitness({ add: () => undefined });
  const seen = witnessSeams(witness);
  // The watch looks at the clock of a world that starts after it.
  let world: DrillWorld | undefined = undefined;
  const watch = createScenarioWatch({
    nowMs: () => world?.nowMs() ?? 0,
    hostMs: host.monotonicMs,
  });
  world = await startDrillWorld({
    ...options,
    tell: watch.tell,
    seams: {
      ...seen,
      watchLedger: (ledger) => watch.watchLedger(seen.watchLedger(ledger)),
      watchTelemetry: watch.watchTelemetry,
    },
  });
  const { url, tokens } = world;
  const http = createHttpClient({ clock: host });
  try {
    const stage: Stage = {
      scenario,
      world,
      watch,
      operator: createHoldfastApi({ http, url, token: tokens.operator }),
      approver: createHoldfastApi({ http, url, token: tokens.approver }),
      wait: waitIn(world, stopped),
    };
    const played = await play(stage, settings, host.monotonicMs);
    const settled = await settleWorld(world, { account: settings.account, leastMs: 0, stopped });
    const ordersSent = ownOrders(world.exchange).length;
    const orders = { ...witness.findFaults(), ordersSent };
    return judgeScenario({ scenario, played, seen: watch.seen(), settled, orders, settings });
  } finally {
    http.close();
    await world.stop();
  }
};

const waitIn =
  (world: DrillWorld, stopped: AbortSignal): Stage["wait"] =>
  (leastMs, mostMs, isThere) => {
    const beganAtMs = world.nowMs();
    return waitUntil(world, {
      untilMs: beganAtMs + mostMs,
      stopped,
      isThere: () => world.nowMs() >= beganAtMs + leastMs && isThere(),
    });
  };

const play = async (stage: Stage, { symbols }: Settings, hostMs: () => number): Promise<Played> => {
  const { scenario, world, watch, wait } = stage;
  const isWell = (): boolean => watch.health()?.level === "OK";
  await wait(CALM_MS, CALM_MAX_MS, () => isWell() && ownOrders(world.exchange).length > 0);
  const healthyBefore = (watch.health()?.components ?? [])
    .filter(({ level, evidenceAtMs }) => level === "healthy" && evidenceAtMs !== null)
    .map(({ component }) => component);
  watch.arm();
  const injected = { worldMs: world.nowMs(), hostMs: hostMs() };
  await change(stage.operator.change(...injectWish(scenario)));
  const isSeen = (): boolean => scenario.expects === "noHarm" || watch.seen().firstAlert !== null;
  // Damage that was done once is mended meanwhile: that is the recovery, and is not waited out.
  await wait(scenario.isOnce ? 0 : FAILURE_MS, FAILURE_MAX_MS, isSeen);
  const endedAtMs = world.nowMs();
  const stoppedSymbols = symbols.filter(
    (symbol) => endedAtMs - (watch.scoredAtMs().get(symbol) ?? -Infinity) > STOPPED_MS,
  );
  await change(stage.operator.change("/api/chaos/clear", {}, ChaosClearedBody));
  const mendedAtMs = scenario.isOnce ? injected.worldMs : endedAtMs;
  const ordersBefore = ownOrders(world.exchange).length;
  const armedAtMs = scenario.isOnce ? world.nowMs() : 0;
  if (scenario.needsPeople) await resume(stage);
  const isUntouched = (): boolean => (watch.seen().worst ?? "OK") === "OK";
  let tradesAtMs: number | null = null;
  let wellAtMs: number | null = null;
  await wait(0, RECOVERY_MAX_MS, () => {
    if (ownOrders(world.exchange).length > ordersBefore) tradesAtMs ??= world.nowMs();
    const health = watch.health();
    // What was well all the time was well at once, where a look has said so since.
    const isLooked = !scenario.isOnce || (health?.atMs ?? 0) >= armedAtMs || isUntouched();
    if (isWell() && isLooked) wellAtMs ??= Math.max(mendedAtMs, health?.atMs ?? mendedAtMs);
    return tradesAtMs !== null && wellAtMs !== null;
  });
  const lastReason = watch.health()?.reason ?? "Health could not be derived.";
  const struck = scenario.isOnce ? 1 : (world.struck()[scenario.name] ?? 0);
  const times = { injected, mendedAtMs, tradesAtMs, wellAtMs };
  return { ...times, healthyBefore, stoppedSymbols, struck, lastReason };
};

const injectWish = ({ name }: ChaosScenario) =>
  ["/api/chaos/inject", { failure: name, minutes: 60 }, ChaosInjectedBody] as const;

const change = async (asked: ReturnType<HoldfastApi["change"]>): Promise<void> => {
  const answer = await asked;
  if (!answer.ok) throw new DrillFault(answer.error.sentence);
};

/** The two people who have looked at it; they ask again until nothing stands against it. */
const resume = async ({ operator, approver, wait }: Stage): Promise<void> => {
  let isResumed = false;
  let isAsking = false;
  const ask = async (): Promise<void> => {
    const state = await operator.read("/api/trading/state", TradingStateBody);
    // Where it was mended before anything had to stop, nobody is needed.
    isResumed = state.ok && state.value.body.tradingState?.mode === "active";
    if (isResumed) return;
    const wish = await operator.change("/api/trading/resume/request", {}, ResumeRequestedBody);
    if (!wish.ok) return;
    const { snapshotHash } = wish.value.body.request;
    const given = { snapshotHash };
    const approved = await approver.change("/api/trading/resume/approve", given, ResumedBody);
    isResumed = approved.ok;
  };
  await wait(0, RECOVERY_MAX_MS, () => {
    if (!isResumed && !isAsking) {
      isAsking = true;
      void ask().finally(() => {
        isAsking = false;
      });
    }
    return isResumed;
  });
};
