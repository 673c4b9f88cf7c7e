import type { Evidence } from "../../domain/health/evidence.ts";
import { probeMoment, probeSignal, PROBE_SYMBOL } from "../../domain/probe/probe-signal.ts";
import { PROBE_ACCOUNT } from "../../domain/probe/probe-account.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { markClean } from "../../domain/risk/change-cell.ts";
import { openCell } from "../../domain/risk/control-cell.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Ledger } from "../../ports/ledger.ts";
import type { ConnectProbeVendors, DryRunBroker, ProbeVendors } from "../../ports/probe.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { type MarketDataMessage, writeMarketDataMessage } from "../market-data-message.ts";
import { emptyMemory, validateShard } from "../shard-memory.ts";
import { type ProbeFailure, type SignalInput, walkSignal } from "./walk-signal.ts";

/** What one probe came to. */
export type ProbeReport = {
  readonly passed: boolean;
  /** 0 to 8; null where nothing could be scored. */
  readonly score: number | null;
  /** Each field that went in and did not come out, by its path. */
  readonly lost: readonly string[];
  /** Where it stopped first; null where it came all the way. */
  readonly stage: ProbeFailure["stage"] | "ledger" | null;
  /** One sentence. */
  readonly detail: string;
  readonly atMs: number;
};

/** Sends a made-up signal the whole way of an order, up to a broker that is none. */
export type ProbePipeline = () => Promise<ProbeReport>;

/**
 * What the probe needs. There is no broker among it, and no queue that leads to one: an order that
 * it makes has nowhere to go.
 */
export type ProbePipelineDeps = {
  readonly connectVendors: ConnectProbeVendors;
  /** Reads the message that poll-market-data sends. */
  readonly readMessage: (value: unknown) => Result<MarketDataMessage, string>;
  readonly ledger: Pick<Ledger, "loadCell" | "saveCell">;
  readonly telemetry: Pick<Telemetry, "recordEvidence" | "loadEvidence">;
  readonly clock: Clock;
  readonly settings: Settings;
};

/** The name under which its evidence is written. */
export const PROBE_COMPONENT = "probe";

/**
 * Probes (R7): bytes that vendors could have sent go through the deployed adapters, validation,
 * message, enrichment, score, gate, guard and claim, and the claim is released; then the ledger
 * takes one conditional write on the probe's own cell. Writes evidence either way; what fails is
 * an answer. Throws `RetryableError` when not even the evidence can be written.
 */
export const createProbePipeline =
  (deps: ProbePipelineDeps): ProbePipeline =>
  async () => {
    const startedAtMs = deps.clock.monotonicMs();
    const walked = await walk(deps);
    const stored = walked.stage === null ? await writeLedger(deps) : undefined;
    const atMs = deps.clock.nowMs();
    const report: ProbeReport =
      stored === undefined
        ? { ...walked, atMs }
        : { ...walked, passed: false, stage: "ledger", detail: stored, atMs };
    const evidence: Evidence = {
      component: PROBE_COMPONENT,
      atMs,
      succeeded: report.passed,
      detail: report.detail,
      latencyMs: deps.clock.monotonicMs() - startedAtMs,
      dataAgeMs: null,
      fault: null,
    };
    await deps.telemetry.recordEvidence(evidence);
    return report;
  };

type Walked = Omit<ProbeReport, "atMs">;

const walk = async (deps: ProbePipelineDeps): Promise<Walked> => {
  const { nowMs, session } = probeMoment(deps.clock.nowMs());
  const signal = probeSignal(nowMs);
  const vendors = deps.connectVendors(nowMs);
  const flow = await vendors.flow.fetchEvidence([PROBE_SYMBOL]);
  if (!flow.ok) return failed("fetch", `${flow.error.vendor}: ${flow.error.detail}`);
  const quote = await fetchQuote(deps, vendors, nowMs);
  if (!quote.ok) return failed("fetch", quote.error);
  const { marketTide } = flow.value;
  const evidence = flow.value.evidence.at(0);
  const said = { signal, evidence, marketTide, ...quote.value };
  const input = { ...said, settings: deps.settings, session, nowMs };
  const { score, lost, failure } = walkSignal(input, createDryRun());
  if (failure === undefined) {
    const detail = `A made-up signal scored ${score?.toFixed(2)} and reached the dry run.`;
    return { passed: true, score, lost, stage: null, detail };
  }
  const detail = `The probe stopped at ${failure.stage}: ${failure.reason}`;
  return { passed: false, score, lost, stage: failure.stage, detail };
};

const failed = (stage: ProbeFailure["stage"], reason: string): Walked => ({
  passed: false,
  score: null,
  lost: [],
  stage,
  detail: `The probe stopped at ${stage}: ${reason}`,
});

/** Fetched, validated against two vendors, written as the message and read from it again. */
const fetchQuote = async (
  { readMessage, settings }: ProbePipelineDeps,
  { marketData }: ProbeVendors,
  nowMs: number,
): Promise<Result<Pick<SignalInput, "quote" | "snapshots">, string>> => {
  const fetched = await marketData.fetchSnapshots([PROBE_SYMBOL]);
  if (!fetched.ok) return err(`${fetched.error.vendor}: ${fetched.error.detail}`);
  const validated = validateShard(emptyMemory(), fetched.value, nowMs, settings.validation);
  const [reason] = Object.keys(validated.rejected);
  if (reason !== undefined) return err(`the quote was rejected: ${reason}.`);
  const { session } = probeMoment(nowMs);
  const message: MarketDataMessage = {
    cycleId: PROBE_ACCOUNT,
    slotMs: nowMs,
    sessionDate: session.date,
    shard: 0,
    quotes: validated.quotes,
  };
  const read = readMessage(JSON.parse(writeMarketDataMessage(message)));
  if (!read.ok) return err(`the message was not read: ${read.error}.`);
  const { snapshots, witnesses = [] } = fetched.value;
  return ok({ quote: read.value.quotes[0], snapshots: [...snapshots, ...witnesses] });
};

/** Takes one order, of the probe's own account alone, and does nothing with it. */
const createDryRun = (): DryRunBroker => ({
  take: ({ order }) => (order.account === PROBE_ACCOUNT ? "taken" : "refused"),
});

/** One conditional write on the probe's own cell; why it failed, or `undefined`. */
const writeLedger = async ({
  ledger,
  clock,
  settings,
}: ProbePipelineDeps): Promise<string | undefined> => {
  const loaded = await ledger.loadCell(PROBE_ACCOUNT);
  if (!loaded.ok) return `The ledger did not read the probe's cell: ${loaded.error.detail}`;
  const nowMs = clock.nowMs();
  const cell = loaded.value;
  const next =
    cell === undefined
      ? openCell({ ...settings, account: PROBE_ACCOUNT, nowMs })
      : markClean(cell, nowMs);
  const expected = { version: cell?.version ?? 0, epoch: cell?.epoch ?? 0 };
  const saved = await ledger.saveCell(next, expected);
  if (saved.ok || saved.error.type === "CellConflict") return undefined;
  return `The ledger did not store the probe's cell: ${saved.error.detail}`;
};
