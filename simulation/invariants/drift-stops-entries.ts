import type { Observation } from "../observation.ts";
import { claimsMade } from "./facts.ts";
import { type Finding, HOLDS, type Invariant, judgeBy, type Scene } from "./invariant.ts";
import { areSigned, isSignedRecord } from "./signed-limits.ts";

/** What stands against what was signed: since when, and where it was noticed. */
type Drift = { readonly sinceMs: number; isNoticed: boolean };

/** A record is read again at most so late; the cell and what runs are at hand in every cycle. */
const READ_WITHIN_MS = 5 * 60_000 + 5_000;
const RECORD = "record";
const CELL = "cell";

/**
 * (21) Drift stops entries, in either direction: once a cycle that began after it has opened, and
 * could read the ledger, no entry is claimed on limits, or by a Region, or without a record, of
 * what was signed, until two people have resumed; and stored limits are the signed ones again.
 */
export const createDriftStopsEntries = (): Invariant => {
  const drifts = new Map<string, Drift>();
  const startedAtMs = new Map<number, number>();
  /** When the ledger last failed an opening cycle, by Region. */
  const failedAtMs = new Map<string, number>();
  let restoredAtMs = -Infinity;

  const set = (name: string, isDrifted: boolean, atMs: number): readonly Finding[] => {
    if (!isDrifted) drifts.delete(name);
    else if (!drifts.has(name)) drifts.set(name, { sinceMs: atMs, isNoticed: false });
    return HOLDS;
  };
  const judgeOpened = (
    { actor, answer, atMs }: Extract<Observation, { type: "functionEnded" }>,
    { facts, view }: Scene,
  ): readonly Finding[] => {
    const fromMs = startedAtMs.get(actor.invocation) ?? atMs;
    startedAtMs.delete(actor.invocation);
    const cell = facts.cell();
    const isRunning = typeof answer === "object" && answer !== null && "run" in answer;
    const hasFailed = (failedAtMs.get(actor.region) ?? -Infinity) >= fromMs;
    if (!isRunning || answer.run !== true || hasFailed || cell === undefined) return HOLDS;
    if (cell.activeRegion !== actor.region || view.cell() === "damaged") return HOLDS;
    const findings: Finding[] = [];
    for (const [name, drift] of drifts) {
      const seenFromMs = drift.sinceMs + (name === RECORD ? READ_WITHIN_MS : 0);
      if (!concerns(name, actor.region) || fromMs < seenFromMs) continue;
      // What people have resumed meanwhile is for the next cycle.
      if (restoredAtMs >= fromMs) continue;
      if (cell.tradingState.mode === "active") {
        findings.push({
          detail: `A cycle opened, and entries go on in spite of a drift: ${name}.`,
        });
      }
      // A Region that runs something else itself cannot put the signed limits back.
      if (name === CELL && !drifts.has(actor.region) && !drifts.has(RECORD)) {
        findings.push({ detail: "A cycle opened, and the stored limits are not the signed ones." });
      }
      drift.isNoticed = true;
    }
    return findings;
  };

  return {
    name: "drift-stops-entries",
    judge: judgeBy({
      functionStarted: ({ actor, atMs }) => {
        if (actor.functionName === "open-cycle") startedAtMs.set(actor.invocation, atMs);
        return HOLDS;
      },
      functionEnded: (observation, scene) =>
        observation.actor.functionName === "open-cycle" ? judgeOpened(observation, scene) : HOLDS,
      faultStruck: ({ fault, atMs }) => {
        const [region = "", name, port = ""] = fault.where.split(" ");
        if (name === "open-cycle" && port.startsWith("ledger")) failedAtMs.set(region, atMs);
        return HOLDS;
      },
      regionHealed: ({ region, atMs }) => {
        failedAtMs.set(region, atMs);
        return HOLDS;
      },
      configurationDeployed: ({ region, isSigned, atMs }) => set(region, !isSigned, atMs),
      signedRecordWritten: ({ isSpare, document, atMs }, { view }) =>
        isSpare ? HOLDS : set(RECORD, !isSignedRecord(document, view.settings), atMs),
      ledgerRestored: ({ cell, atMs }, { view }) =>
        set(CELL, cell !== undefined && !areSigned(cell.limits, view.settings), atMs),
      cellWritten: (observation, { view }) => {
        const { before, after, atMs } = observation;
        const findings = judgeClaims(observation, drifts);
        set(CELL, !areSigned(after.limits, view.settings), atMs);
        if (typeof before !== "object" || !isResumed(before.tradingState, after.tradingState)) {
          return findings;
        }
        restoredAtMs = atMs;
        for (const drift of drifts.values()) drift.isNoticed = false;
        return findings;
      },
    }),
    judgeEnd: (_scene, mode) =>
      mode === "safety"
        ? HOLDS
        : [...drifts.keys()].map((name) => ({ detail: `A drift still stands: ${name}.` })),
  };
};

const concerns = (name: string, region: string): boolean =>
  name === CELL || name === RECORD || name === region;

const judgeClaims = (
  { actor, before, after }: Extract<Observation, { type: "cellWritten" }>,
  drifts: ReadonlyMap<string, Drift>,
): readonly Finding[] => {
  if (actor?.functionName !== "execute-orders" || typeof before !== "object") return HOLDS;
  const known = [...drifts].find(
    ([name, { isNoticed }]) => isNoticed && concerns(name, actor.region),
  );
  if (known === undefined) return HOLDS;
  return claimsMade(before, after)
    .filter(({ purpose }) => purpose === "entry")
    .map(({ clientOrderId }) => ({
      detail: `An entry was claimed although a drift is known: ${known[0]}.`,
      clientOrderId,
    }));
};

const isResumed = (before: { readonly mode: string }, after: { readonly mode: string }): boolean =>
  before.mode !== "active" && after.mode === "active";
