import { RetryableError } from "../../domain/fault.ts";
import type { DiagnosisInput } from "../../domain/healing/diagnose.ts";
import { FLAG_NAMES } from "../../domain/flags/flag.ts";
import { DEFAULT_HEALTH_POLICY } from "../../domain/health/health-policy.ts";
import type { Evidence } from "../../domain/health/evidence.ts";
import type { SystemHealth } from "../../domain/health/system-health.ts";
import type { ControlCell } from "../../domain/risk/control-cell.ts";
import { isBrokerAsked, isSizedByBroker } from "../../domain/risk/guard/closable.ts";
import { type Settings, shardsOf } from "../../domain/settings.ts";
import type { BreakerRecords } from "../../ports/breaker-records.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Healing, SignedConfiguration } from "../../ports/healing.ts";
import type { Ledger } from "../../ports/ledger.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { createAssessHealth } from "../assess-health.ts";
import { PROBE_COMPONENT } from "../probe/probe-pipeline.ts";

/** What the facts are gathered from. */
export type GatherFactsDeps = {
  readonly ledger: Pick<Ledger, "loadCell">;
  readonly telemetry: Telemetry;
  readonly healing: Pick<Healing, "reports">;
  /** Absent where there are no breakers. */
  readonly breakers?: Pick<BreakerRecords, "list"> | undefined;
  readonly configuration?: Pick<SignedConfiguration, "drift"> | undefined;
  /** How many messages were given up; absent where the queues cannot be asked. */
  readonly countDeadLetters?: (() => Promise<number>) | undefined;
  readonly clock: Clock;
  readonly settings: Settings;
};

/** A report of an environment is news for so long. */
const REPORT_AGE_MAX_MS = 5 * 60_000;
/** A symbol without a valid quote for so long stands still. */
const STALLED_AFTER_MS = 5 * 60_000;
/** More symbols than that are not a symbol's trouble but the feed's. */
const STALLED_MAX = 3;
const WELL = ["healthy", "unknown"];

/** Everything that a diagnosis looks at, as it is now. Throws `RetryableError`. */
export const gatherFacts = async (deps: GatherFactsDeps): Promise<DiagnosisInput> => {
  const { telemetry, clock } = deps;
  const [health, cell, probe, environments, breakers, drift, deadLetters, newestQuotes] =
    await Promise.all([
      createAssessHealth(deps)(),
      readCell(deps),
      telemetry.loadEvidence(PROBE_COMPONENT, 1),
      deps.healing.reports(),
      deps.breakers?.list() ?? [],
      deps.configuration?.drift() ?? null,
      deps.countDeadLetters?.() ?? null,
      newestQuoteTimes(deps),
    ]);
  const nowMs = clock.nowMs();
  const [lastProbe] = probe;
  return {
    health,
    failures: await failuresOf(telemetry, health, nowMs),
    cell,
    deadLetters,
    harmfulFlags: await harmfulFlagsOf(deps, health),
    failingVendors: vendorsOf(breakers, "open"),
    unsureVendors: vendorsOf(breakers, "halfOpen"),
    stalledSymbols: stalledOf(newestQuotes, health, nowMs),
    environments: environments.filter(({ atMs }) => nowMs - atMs <= REPORT_AGE_MAX_MS),
    drift,
    probe:
      lastProbe === undefined || lastProbe.succeeded
        ? null
        : { stage: stageOf(lastProbe), detail: lastProbe.detail },
    nowMs,
  };
};

const readCell = async ({ ledger, settings }: GatherFactsDeps): Promise<DiagnosisInput["cell"]> => {
  const loaded = await ledger.loadCell(settings.account);
  if (loaded.ok) {
    const { value } = loaded;
    return { type: "whole", unknownSinceMs: unknownSince(value), held: heldIn(value) };
  }
  return loaded.error.type === "LedgerCorrupt"
    ? { type: "damaged" }
    : { type: "unread", detail: loaded.error.detail };
};

/** What the books hold, where they are known to agree with the broker: else it says nothing. */
const heldIn = (cell: ControlCell | undefined): readonly string[] | null => {
  if (cell === undefined || isBrokerAsked(cell) || isSizedByBroker(cell)) return null;
  return Object.entries(cell.holdings).flatMap(([symbol, { quantity }]) =>
    quantity === 0 ? [] : symbol,
  );
};

const unknownSince = (cell: ControlCell | undefined): number | null => {
  const times = Object.values(cell?.inFlight ?? {})
    .filter(({ stage }) => stage === "unknown")
    .map(({ claimedAtMs }) => claimedAtMs);
  return times.length === 0 ? null : Math.min(...times);
};

/** Of each component that is not well the newest evidence, where it failed or its data was old. */
const failuresOf = async (
  telemetry: Pick<Telemetry, "loadEvidence">,
  { components }: SystemHealth,
  nowMs: number,
): Promise<ReadonlyMap<string, Evidence>> => {
  const lame = components.filter(({ level }) => level !== "healthy");
  const newest = await Promise.all(
    lame.map(({ component }) => telemetry.loadEvidence(component, 1)),
  );
  return new Map(
    newest.flatMap(([evidence]) =>
      evidence === undefined || isGood(evidence, nowMs) ? [] : [[evidence.component, evidence]],
    ),
  );
};

const isGood = ({ succeeded, dataAgeMs, atMs }: Evidence, nowMs: number): boolean =>
  succeeded && (dataAgeMs ?? 0) + nowMs - atMs <= DEFAULT_HEALTH_POLICY.dataAgeMaxMs;

/** What is on for a part only while the market data that it changes is not well. */
const harmfulFlagsOf = async (
  { telemetry, settings }: GatherFactsDeps,
  { components }: SystemHealth,
): Promise<DiagnosisInput["harmfulFlags"]> => {
  const marketData = components.find(({ component }) => component === "market-data");
  if (marketData === undefined || WELL.includes(marketData.level)) return [];
  const onTrial = FLAG_NAMES.filter((flag) => {
    const { percent } = settings.flags[flag];
    return percent > 0 && percent < 100;
  });
  if (onTrial.length === 0) return [];
  const rollbacks = await telemetry.loadRollbacks();
  return onTrial.filter((flag) => !rollbacks.some((one) => one.flag === flag));
};

/** The vendors of such breakers of whole operations; a symbol's own breaker is no vendor's. */
const vendorsOf = (
  breakers: Awaited<ReturnType<BreakerRecords["list"]>>,
  state: "open" | "halfOpen",
): readonly string[] => [
  ...new Set(
    breakers
      .filter(({ name, breaker }) => breaker.state === state && name.split(".").length === 2)
      .map(({ name }) => name.split(".")[0] ?? name),
  ),
];

const newestQuoteTimes = async ({
  telemetry,
  settings,
}: GatherFactsDeps): Promise<ReadonlyMap<string, number>> => {
  const shards = shardsOf(settings.symbols, settings.shardSize);
  const loaded = await Promise.all(shards.map(({ shard }) => readQuotes(telemetry, shard)));
  return new Map(loaded.flat().map(({ symbol, exchangeTimeMs }) => [symbol, exchangeTimeMs]));
};

const readQuotes = async (
  telemetry: Pick<Telemetry, "loadQuotes">,
  shard: number,
): ReturnType<Telemetry["loadQuotes"]> => {
  try {
    return await telemetry.loadQuotes(shard);
  } catch (error) {
    if (error instanceof RetryableError) return [];
    throw error;
  }
};

/** Symbols that stand still while the feed of the others goes on. */
const stalledOf = (
  newestQuotes: ReadonlyMap<string, number>,
  { components }: SystemHealth,
  nowMs: number,
): readonly string[] => {
  const marketData = components.find(({ component }) => component === "market-data");
  if (marketData?.level !== "healthy") return [];
  const newestMs = Math.max(-Infinity, ...newestQuotes.values());
  if (nowMs - newestMs > STALLED_AFTER_MS) return [];
  const stalled = [...newestQuotes].filter(([, atMs]) => newestMs - atMs > STALLED_AFTER_MS);
  return stalled.length > STALLED_MAX ? [] : stalled.map(([symbol]) => symbol);
};

const stageOf = ({ detail }: Evidence): string | null =>
  /^The probe stopped at (\w+):/.exec(detail)?.[1] ??
  (detail.startsWith("The ledger ") ? "ledger" : null);
