import { API_VERSIONS } from "../domain/api-versions.ts";
import type { Evidence } from "../domain/health/evidence.ts";
import type { SessionDate } from "../domain/market/session-date.ts";
import { ok, type Result } from "../domain/result.ts";
import type { Settings } from "../domain/settings.ts";
import type { Broker } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { MarketData } from "../ports/market-data.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { VendorFault } from "../ports/vendor-fault.ts";
import { faultKindOf } from "./fault-kind.ts";
import { tolerateLoss } from "./tolerate-loss.ts";

/** What the vendors' answers are worth: `incompatible` needs a person, `undecided` asks again. */
export type Compatibility =
  | { readonly type: "compatible" }
  | { readonly type: "undecided" }
  | { readonly type: "incompatible"; readonly sentence: string };

/** What checking needs. */
export type CheckCompatibilityDeps = {
  readonly broker: Pick<Broker, "readAccount" | "readClock" | "listPositions">;
  readonly marketData: Pick<MarketData, "fetchSnapshots">;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly settings: Settings;
};

/** Checks the vendors for a session; one that passed is not checked again by this environment. */
export type CheckCompatibility = (session: SessionDate) => Promise<Compatibility>;

/**
 * Reads account, clock, positions and one snapshot against the adapters' contracts, before the
 * first cycle of a session. Credentials that are refused and fields that are missing or changed are
 * evidence that only a person can cure; what may pass by itself decides nothing.
 */
export const createCheckCompatibility = (deps: CheckCompatibilityDeps): CheckCompatibility => {
  let passed: SessionDate | undefined;
  return async (session) => {
    if (passed === session) return { type: "compatible" };
    const faults = await faultsOf(deps);
    const lasting = faults.find(({ fault }) => faultKindOf(fault) !== null);
    if (lasting !== undefined) {
      await prove(deps, lasting);
      const { class: name, detail } = lasting.fault;
      const sentence = `${lasting.operation} does not match its contract: ${name}, ${detail}`;
      return { type: "incompatible", sentence };
    }
    if (faults.length > 0) return { type: "undecided" };
    await trackVersions(deps);
    passed = session;
    return { type: "compatible" };
  };
};

type Finding = {
  readonly operation: string;
  readonly component: "broker" | "market-data";
  readonly fault: VendorFault;
};

const faultsOf = async (deps: CheckCompatibilityDeps): Promise<readonly Finding[]> => {
  const { broker, marketData, settings } = deps;
  const checks = [
    ["The broker's account", "broker", broker.readAccount],
    ["The broker's clock", "broker", broker.readClock],
    ["The broker's positions", "broker", broker.listPositions],
    ["A snapshot", "market-data", () => readSnapshot(marketData, settings)],
  ] as const;
  // At once: a cycle waits for the slowest of them and no longer.
  const findings = await Promise.all(
    checks.map(async ([operation, component, ask]): Promise<readonly Finding[]> => {
      const answer = await ask();
      return answer.ok ? [] : [{ operation, component, fault: answer.error }];
    }),
  );
  return findings.flat();
};

/** One that cannot be read while it is there is a changed contract, as much as a failed call. */
const readSnapshot = async (
  marketData: CheckCompatibilityDeps["marketData"],
  { symbols }: Settings,
): Promise<Result<void, VendorFault>> => {
  const answer = await marketData.fetchSnapshots(symbols.slice(0, 1));
  if (!answer.ok) return answer;
  const unreadable = answer.value.unreadable?.[0];
  if (unreadable === undefined) return ok(undefined);
  const detail = `${unreadable.symbol}: ${unreadable.reason}`;
  return {
    ok: false,
    error: { type: "VendorFault", vendor: "market data", class: "SCHEMA_ERROR", detail },
  };
};

const prove = (deps: CheckCompatibilityDeps, { component, fault }: Finding): Promise<void> =>
  record(deps, component, {
    succeeded: false,
    detail: `At start: ${fault.class}, ${fault.detail}`,
    fault: faultKindOf(fault),
  });

const VERSIONS = "api-versions";

/** Another version than the last one that passed is told: a warning, since the contracts hold. */
const trackVersions = async (deps: CheckCompatibilityDeps): Promise<void> => {
  const [last] = await deps.telemetry.loadEvidence(VERSIONS, 1);
  if (last?.detail === API_VERSIONS) return;
  await record(deps, VERSIONS, { succeeded: true, detail: API_VERSIONS, fault: null });
  if (last === undefined) return;
  const detail = `The versions of the APIs changed from ${last.detail} to ${API_VERSIONS}.`;
  await record(deps, "broker", { succeeded: true, detail, fault: null });
};

const record = (
  { telemetry, clock }: CheckCompatibilityDeps,
  component: string,
  verdict: Pick<Evidence, "succeeded" | "detail" | "fault">,
): Promise<void> =>
  tolerateLoss(
    telemetry.recordEvidence({
      component,
      atMs: clock.nowMs(),
      latencyMs: null,
      dataAgeMs: null,
      ...verdict,
    }),
  );
