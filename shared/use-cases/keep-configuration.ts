import { RetryableError } from "../domain/fault.ts";
import { judgePolicy, type PolicyVerdict } from "../domain/policy/signed-policy.ts";
import { differencesOf, policyOf } from "../domain/policy/trading-policy.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import { reduceTrading } from "../domain/risk/trading-state.ts";
import type { Settings } from "../domain/settings.ts";
import type { Alerts } from "../ports/alerts.ts";
import type { Clock } from "../ports/clock.ts";
import type { SignedConfiguration } from "../ports/healing.ts";
import type { AuditTrail } from "../ports/audit-trail.ts";
import type { PolicySeal, PolicySigner, SignedPolicies } from "../ports/signed-policies.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { noteAudit } from "./audit/note-audit.ts";
import {
  createPolicyReader,
  type PolicyReader,
  type Reading,
  readSignedPolicy,
} from "./read-signed-policy.ts";
import { signPolicy } from "./sign-policy.ts";
import { tolerateLoss } from "./tolerate-loss.ts";
import { type CellWriterDeps, updateCell } from "./update-cell.ts";

/** What keeping the configuration needs. */
export type KeepConfigurationDeps = CellWriterDeps & {
  readonly policies: SignedPolicies;
  readonly seal: PolicySeal;
  /** Only where a world signs for itself; functions of a deployment may not. */
  readonly signer?: PolicySigner | undefined;
  readonly telemetry: Pick<Telemetry, "recordEvidence" | "loadAlert">;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly settings: Settings;
  /** Absent where nothing is audited. */
  readonly audit?: AuditTrail | undefined;
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
   * back and people are told. Limits of a version that was signed before give way to this one's.
   * Returns the cell as it then is. Throws `RetryableError`.
   */
  readonly check: (cell: ControlCell) => Promise<ControlCell>;
  /**
   * Before an entry: where what runs here is not what was signed, entries stop at the account's
   * cell. Throws `RetryableError` while it cannot be known, so that the entry waits.
   */
  readonly secure: () => Promise<void>;
};

/** Who a world is that signs for itself. */
const OWN_NAME = "whoever started this world";

/** The name under which its evidence is written. */
const COMPONENT = "configuration";

/** It proves itself so often, and looks whether an alert is to be ended. */
const PROVE_EVERY_MS = 5 * 60_000;

const WELL = "What runs and what is stored is what was signed.";

/** Makes the keeper of an account's signed policy. */
export const createKeepConfiguration = (deps: KeepConfigurationDeps): KeepConfiguration => {
  const { settings, clock } = deps;
  const { account } = settings;
  const reader = createPolicyReader({ ...deps, account });
  let told: string | undefined;
  // By its own time: others of this environment may read the record in between.
  let wellAtMs = -Infinity;

  const judge = (reading: Reading, cell: ControlCell | undefined): PolicyVerdict =>
    reading.type === "lost"
      ? { type: "drifted", sentence: reading.sentence }
      : judgePolicy(
          reading.signed,
          { running: policyOf(settings), stored: cell?.limits },
          clock.nowMs(),
        );
  /** Whether the stored limits had to be put back, and are. */
  const putBack = async (): Promise<boolean> => {
    if ((await reader.read()).type === "lost") await restoreRecord(deps, reader);
    const cell = await readCell(deps);
    // What runs here is put into the cell only where it is what was signed.
    if (cell === undefined || judge(await reader.read(), undefined).type !== "signed") return false;
    const after = await putLimitsBack(deps, cell);
    if (after === cell) return false;
    await note(deps, "configuration-restored", "Limits.", cell);
    return true;
  };
  const stop = async (cell: ControlCell, drift: string, isNew: boolean): Promise<ControlCell> => {
    // What this environment cannot put back itself is told once each time it is read.
    const isNews = isNew || drift !== told;
    wellAtMs = -Infinity;
    const change = { reason: drift, by: "keep-configuration", atMs: clock.nowMs() };
    // Entries stop first: until then the account trades on what nobody signed.
    const reduced = await updateCell(deps, cell, (now) => reduceTrading(now, change));
    if (isNews) {
      await tellOf(deps, drift);
      await note(deps, "configuration-drifted", drift, cell);
    }
    // Each time: the very same drift may have come about anew. What is put back would be news
    // again.
    told = (await putBack()) ? undefined : drift;
    return (await loadCell(deps)) ?? reduced;
  };
  const check = async (cell: ControlCell): Promise<ControlCell> => {
    const reading = await latestOrNothing(reader);
    // Not known is not signed: each entry waits at `secure`, and exits go on.
    if (reading === undefined) return cell;
    const verdict = judge(reading, cell);
    if (verdict.type === "drifted") return stop(cell, verdict.sentence, reading.isNew);
    told = undefined;
    if (clock.monotonicMs() - wellAtMs >= PROVE_EVERY_MS) {
      wellAtMs = clock.monotonicMs();
      await tolerateLoss(prove(deps, true, WELL));
      await tolerateLoss(tellOfEnd(deps));
    }
    return verdict.type === "handOver" ? putLimitsBack(deps, cell) : cell;
  };
  return {
    adopt: async () => {
      const signers = deps.signer === undefined ? [] : [deps.signer];
      // First the signature, which is recorded: limits are raised by nothing that left no record.
      const signed = await signPolicy({ ...deps, signers }, account, settings, OWN_NAME);
      reader.know(signed);
      const cell = await loadCell(deps);
      if (cell !== undefined) await putLimitsBack(deps, cell);
      wellAtMs = clock.monotonicMs();
      return signed.serial;
    },
    check,
    secure: async () => {
      const reading = await reader.latest();
      const verdict = judge(reading, undefined);
      if (verdict.type !== "drifted") return;
      const cell = await readCell(deps);
      if (cell === undefined || cell.activeRegion !== settings.region) return;
      await stop(cell, verdict.sentence, reading.isNew);
    },
    drift: async () => {
      const verdict = judge(await reader.read(), await loadCell(deps));
      return verdict.type === "drifted" ? verdict.sentence : null;
    },
    restore: async () => {
      await putBack();
    },
  };
};

const latestOrNothing = async (
  reader: PolicyReader,
): Promise<Awaited<ReturnType<PolicyReader["latest"]>> | undefined> => {
  try {
    return await reader.latest();
  } catch (error) {
    if (error instanceof RetryableError) return undefined;
    throw error;
  }
};

/** Whoever may sign signs anew what was lost; a deployment has its second copy alone. */
const restoreRecord = async (
  deps: KeepConfigurationDeps,
  { know, isCurrent }: Pick<PolicyReader, "know" | "isCurrent">,
): Promise<void> => {
  const { account } = deps.settings;
  const spare = await readSignedPolicy({ ...deps, account }, "loadSpare");
  if (spare.type === "signed" && isCurrent(spare.signed)) {
    await deps.policies.save(account, spare.signed);
    know(spare.signed);
  } else if (deps.signer !== undefined) {
    know(await signPolicy({ ...deps, signers: [deps.signer] }, account, deps.settings, OWN_NAME));
  }
};

/** What reduces risk waits for no record. */
const note = (
  deps: KeepConfigurationDeps,
  kind: "configuration-drifted" | "configuration-restored",
  detail: string,
  { epoch }: ControlCell,
): Promise<void> =>
  tolerateLoss(noteAudit(deps, { kind, actor: "keep-configuration", epoch, body: { detail } }));

const putLimitsBack = (deps: KeepConfigurationDeps, cell: ControlCell): Promise<ControlCell> => {
  const { limits, limitsDigest, region } = deps.settings;
  return updateCell(deps, cell, (now) =>
    // Limits that somebody put in meanwhile are others than those that were judged.
    now.activeRegion !== region ||
    differencesOf(cell.limits, now.limits).length > 0 ||
    differencesOf(limits, now.limits).length === 0
      ? now
      : { ...now, limits, limitsDigest },
  );
};

/** Nothing where it cannot be read: that is the ledger's own failure, which others tell of. */
const loadCell = async (deps: KeepConfigurationDeps): Promise<ControlCell | undefined> => {
  const loaded = await deps.ledger.loadCell(deps.settings.account);
  return loaded.ok ? loaded.value : undefined;
};

/** Nothing where the account was never opened. Throws `RetryableError` where it cannot be read. */
const readCell = async (deps: KeepConfigurationDeps): Promise<ControlCell | undefined> => {
  const loaded = await deps.ledger.loadCell(deps.settings.account);
  if (loaded.ok) return loaded.value;
  throw new RetryableError(`The account's cell was not read: ${loaded.error.detail}`);
};

const alertOf = ({ settings, clock }: KeepConfigurationDeps, summary: string) => ({
  key: `configuration-drift-${settings.account}`,
  summary: summary.slice(0, 1_024),
  component: COMPONENT,
  mode: settings.mode,
  atMs: clock.nowMs(),
  runbook: "configuration-drift",
});

const tellOf = async (deps: KeepConfigurationDeps, drift: string): Promise<void> => {
  const { account } = deps.settings;
  const summary = `Entries stopped on ${account}: ${drift} The signed version is put back.`;
  const alert = { ...alertOf(deps, summary), action: "trigger", severity: "critical" } as const;
  await tolerateLoss(deps.alerts.publish(alert));
  await tolerateLoss(prove(deps, false, drift));
};

/** Once it is well again, for whichever environment told of it. */
const tellOfEnd = async (deps: KeepConfigurationDeps): Promise<void> => {
  const alert = alertOf(deps, `${WELL} Resuming takes two people.`);
  const record = await deps.telemetry.loadAlert(alert.key);
  if (record?.alert.action !== "trigger") return;
  await deps.alerts.publish({ ...alert, action: "resolve", severity: "info" });
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
