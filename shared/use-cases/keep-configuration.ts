import { RetryableError } from "../domain/fault.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import { describeDifferences, differencesOf, policyOf } from "../domain/policy/trading-policy.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import { reduceTrading } from "../domain/risk/trading-state.ts";
import type { Settings } from "../domain/settings.ts";
import type { Alerts } from "../ports/alerts.ts";
import type { Clock } from "../ports/clock.ts";
import type { SignedConfiguration } from "../ports/healing.ts";
import type { PolicySeal, SignedPolicies, SignedPolicy } from "../ports/signed-policies.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { tolerateLoss } from "./tolerate-loss.ts";
import { type CellWriterDeps, updateCell } from "./update-cell.ts";

/** What keeping the configuration needs. */
export type KeepConfigurationDeps = CellWriterDeps & {
  readonly policies: SignedPolicies;
  readonly seal: PolicySeal;
  readonly telemetry: Pick<Telemetry, "recordEvidence">;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly settings: Settings;
};

/** Keeps what runs and what is stored at what was signed (R1, R2). */
export type KeepConfiguration = SignedConfiguration & {
  /**
   * Signs what this world was started with as the next version and hands its limits to the cell: an
   * operator's act, and the only way in which a limit is ever raised. Says the version.
   */
  readonly adopt: () => Promise<number>;
  /**
   * Compares; where anything differs, in either direction, entries stop, the signed version is put
   * back and people are told. Returns the cell as it then is. Throws `RetryableError`.
   */
  readonly check: (cell: ControlCell) => Promise<ControlCell>;
};

/** The name under which its evidence is written. */
const COMPONENT = "configuration";

const WELL = "What runs and what is stored is what was signed.";

/** The record is read at most so often; the cell is at hand in every cycle. */
const READ_EVERY_MS = 5 * 60_000;

/** Makes the keeper of an account's signed policy. */
export const createKeepConfiguration = (deps: KeepConfigurationDeps): KeepConfiguration => {
  const { settings, clock } = deps;
  let told: string | undefined;
  let known: { readonly signed: SignedPolicy; readonly readAtMs: number } | undefined;

  const read = async (): Promise<Reading> => {
    const reading = await readSigned(deps);
    known =
      reading.type === "signed"
        ? { signed: reading.signed, readAtMs: clock.monotonicMs() }
        : undefined;
    return reading;
  };
  /** A store that does not answer leaves what was read before: exits go on, and so does the check. */
  const latest = async (): Promise<Reading & { readonly isNew: boolean }> => {
    const before = known;
    if (before === undefined) return { ...(await read()), isNew: true };
    const remembered = { type: "signed", signed: before.signed, isNew: false } as const;
    if (clock.monotonicMs() - before.readAtMs < READ_EVERY_MS) return remembered;
    try {
      return { ...(await read()), isNew: true };
    } catch (error) {
      if (error instanceof RetryableError) return remembered;
      throw error;
    }
  };
  const driftOf = (reading: Reading, cell: ControlCell | undefined): string | null => {
    if (reading.type === "lost") return reading.sentence;
    const signed: unknown = JSON.parse(reading.signed.policyText);
    const running = differencesOf(signed, policyOf(settings));
    if (running.length > 0) return `What runs is not what was signed: ${tell(running)}`;
    if (cell === undefined) return null;
    const stored = differencesOf(policyOf(settings).limits, cell.limits);
    return stored.length > 0 ? `The stored limits are not the signed ones: ${tell(stored)}` : null;
  };
  const restore = async (): Promise<void> => {
    const reading = await read();
    if (reading.type === "lost")
      known = { signed: await sign(deps), readAtMs: clock.monotonicMs() };
    const cell = await loadCell(deps);
    if (cell !== undefined && !runsOther(reading, settings)) await putLimitsBack(deps, cell);
  };
  return {
    adopt: async () => {
      const cell = await loadCell(deps);
      // First the cell: a version that is signed and not handed over would look like a drift.
      if (cell !== undefined) await putLimitsBack(deps, cell);
      const reading = await read();
      if (reading.type === "signed" && !runsOther(reading, settings)) return reading.signed.serial;
      const before = reading.type === "signed" ? reading.signed.serial : 0;
      const signed = await sign(deps, before + 1);
      known = { signed, readAtMs: clock.monotonicMs() };
      return signed.serial;
    },
    check: async (cell) => {
      const reading = await latest();
      const drift = driftOf(reading, cell);
      if (drift === null) {
        if (reading.isNew) await tolerateLoss(prove(deps, true, WELL));
        return cell;
      }
      // What this environment cannot put back itself is told once each time it is read.
      const isNews = reading.isNew || drift !== told;
      told = drift;
      const by = "keep-configuration";
      const change = { reason: drift, by, atMs: clock.nowMs() };
      // Entries stop first: until then the account trades on what nobody signed.
      const reduced = await updateCell(deps, cell, (now) => reduceTrading(now, change));
      if (!isNews) return reduced;
      await tellOf(deps, drift);
      await restore();
      return (await loadCell(deps)) ?? reduced;
    },
    drift: async () => driftOf(await read(), await loadCell(deps)),
    restore,
  };
};

type Reading =
  | { readonly type: "signed"; readonly signed: SignedPolicy }
  | { readonly type: "lost"; readonly sentence: string };

/** What is kept, where its signature is of it; else what is wrong with it. */
const readSigned = async ({
  policies,
  seal,
  settings,
}: KeepConfigurationDeps): Promise<Reading> => {
  const reading = await policies.load(settings.account);
  switch (reading.type) {
    case "none":
      return { type: "lost", sentence: "The signed configuration is missing." };
    case "damaged":
      return { type: "lost", sentence: "The signed configuration cannot be read." };
    case "kept": {
      const { signed } = reading;
      return seal.verify(sealedText(signed), signed.signature)
        ? { type: "signed", signed }
        : { type: "lost", sentence: "The signed configuration's signature is not of it." };
    }
  }
};

/** The serial is part of what is signed, so that an older version cannot be put in its place. */
const sealedText = ({ serial, policyText }: Pick<SignedPolicy, "serial" | "policyText">): string =>
  `${serial}\n${policyText}`;

const sign = async (deps: KeepConfigurationDeps, serial = 1): Promise<SignedPolicy> => {
  const policyText = canonicalJson(policyOf(deps.settings));
  const signature = deps.seal.sign(sealedText({ serial, policyText }));
  const signed = { serial, policyText, signature, signedAtMs: deps.clock.nowMs() };
  await deps.policies.save(deps.settings.account, signed);
  return signed;
};

const tell = (differences: Parameters<typeof describeDifferences>[0]): string =>
  `${describeDifferences(differences)}.`;

const runsOther = (reading: Reading, settings: Settings): boolean =>
  reading.type === "signed" && reading.signed.policyText !== canonicalJson(policyOf(settings));

const putLimitsBack = (deps: KeepConfigurationDeps, cell: ControlCell): Promise<ControlCell> => {
  const { limits, limitsDigest, region } = deps.settings;
  return updateCell(deps, cell, (now) =>
    now.activeRegion !== region || differencesOf(limits, now.limits).length === 0
      ? now
      : { ...now, limits, limitsDigest },
  );
};

const loadCell = async (deps: KeepConfigurationDeps): Promise<ControlCell | undefined> => {
  const loaded = await deps.ledger.loadCell(deps.settings.account);
  // What cannot be read is the ledger's own failure, which others tell of.
  return loaded.ok ? loaded.value : undefined;
};

const tellOf = async (deps: KeepConfigurationDeps, drift: string): Promise<void> => {
  const { account, mode } = deps.settings;
  const atMs = deps.clock.nowMs();
  const summary = `Entries stopped on ${account}: ${drift} The signed version is put back.`;
  await tolerateLoss(
    deps.alerts.publish({
      key: `configuration-drift-${account}`,
      action: "trigger",
      severity: "critical",
      summary: summary.slice(0, 1_024),
      component: COMPONENT,
      mode,
      atMs,
      runbook: "configuration-drift",
    }),
  );
  await tolerateLoss(prove(deps, false, drift));
};

const prove = (
  { telemetry, clock }: KeepConfigurationDeps,
  succeeded: boolean,
  detail: string,
): Promise<void> =>
  telemetry.recordEvidence({
    component: COMPONENT,
    atMs: clock.nowMs(),
    succeeded,
    detail,
    latencyMs: null,
    dataAgeMs: null,
    fault: succeeded ? null : "configuration",
  });
