import type { Evidence } from "../health/evidence.ts";
import type { ComponentHealth, SystemHealth } from "../health/system-health.ts";
import type { FlagName } from "../flags/flag.ts";
import type { EnvironmentReport } from "./environment-report.ts";
import type { Finding } from "./finding.ts";
import { isGivenUp } from "./given-up.ts";

/** Everything that a diagnosis looks at. */
export type DiagnosisInput = {
  readonly health: SystemHealth;
  /** The newest evidence of each component that failed last, by its name. */
  readonly failures: ReadonlyMap<string, Evidence>;
  /** How the account's cell is; in a whole one, since when an order's fate has not been known. */
  readonly cell:
    | {
        readonly type: "whole";
        readonly unknownSinceMs: number | null;
        /** The symbols held; null where no books agree with the broker: nothing is known of it. */
        readonly held: readonly string[] | null;
      }
    | { readonly type: "damaged" }
    | { readonly type: "unread"; readonly detail: string };
  /** Messages that were given up, over all queues; null where they were not counted. */
  readonly deadLetters: number | null;
  /** Flags that are on for a part only while what they change is not well. */
  readonly harmfulFlags: readonly FlagName[];
  /** Vendors whose breaker is open. */
  readonly failingVendors: readonly string[];
  /** Vendors whose breaker is half open: whether they answer again is being tried. */
  readonly unsureVendors: readonly string[];
  /** Symbols that were polled and have had no valid quote for several cycles. */
  readonly stalledSymbols: readonly string[];
  readonly environments: readonly EnvironmentReport[];
  /**
   * What the configuration that runs differs in from the one that was signed; null: it does not.
   */
  readonly drift: string | null;
  /** The last probe that failed; null where the last one passed, or there was none. */
  readonly probe: { readonly stage: string | null; readonly detail: string } | null;
  /** Epoch ms. */
  readonly nowMs: number;
};

/** The name under which healing proves itself. */
export const HEALING_COMPONENT = "healing";

/** An order's fate may be unknown for so long before it is a finding. */
const UNKNOWN_MAX_MS = 2 * 60_000;
/** Evidence that is so far ahead was written by a clock that ours does not agree with. */
const CLOCK_SKEW_MAX_MS = 60_000;

/**
 * Names what is wrong, the root before what follows from it: a component is only found failing by
 * itself where nothing else explains it.
 */
export const diagnose = (input: DiagnosisInput): readonly Finding[] => {
  const roots = [
    ...clockFindings(input),
    ...probeFindings(input),
    ...cellFindings(input),
    ...faultFindings(input),
    ...feedFindings(input),
    ...environmentFindings(input),
  ];
  const explained = new Set(roots.map(({ component }) => component));
  const others = input.health.components
    // That a remedy is stopped was told when it was; nothing of it is mended by another.
    .filter(({ component }) => component !== HEALING_COMPONENT)
    .filter((one) => hasFailed(one) && !explained.has(one.component) && isStill(one, input))
    .map(({ component, reason }) => finding("componentFailing", component, "", reason));
  return [...roots, ...others];
};

const finding = (
  cause: Finding["cause"],
  component: string,
  subject: string,
  detail: string,
): Finding => ({ cause, component, subject, detail });

const hasFailed = ({ level, evidenceAtMs }: ComponentHealth): boolean =>
  level === "unhealthy" || level === "critical" || (level === "unknown" && evidenceAtMs !== null);

/** What works again is not well for a while yet, and nothing is left to be done about it. */
const isStill = (
  { level, component }: ComponentHealth,
  { failures }: Pick<DiagnosisInput, "failures">,
): boolean => level === "unknown" || failures.has(component);

/** With a clock that is late everything looks fresh: the evidence of others gives it away. */
const clockFindings = ({ health, nowMs }: DiagnosisInput): readonly Finding[] => {
  const newestMs = Math.max(...health.components.map(({ evidenceAtMs }) => evidenceAtMs ?? 0));
  if (newestMs - nowMs <= CLOCK_SKEW_MAX_MS) return [];
  const seconds = Math.round((newestMs - nowMs) / 1_000);
  return [finding("clockWrong", "clock", "", `Evidence is ${seconds} s ahead of the clock.`)];
};

/** A claim that can be made twice is the one thing that must stop everything. */
const probeFindings = ({ probe, drift }: DiagnosisInput): readonly Finding[] => {
  if (probe === null) return [];
  const { stage, detail } = probe;
  if (stage === "claim" || stage === "release") {
    return [finding("guardBroken", "probe", stage, detail)];
  }
  if (stage === "ledger") return [finding("componentFailing", "ledger", "", detail)];
  // With another configuration than the signed one a lower score is what was to be expected.
  if (drift !== null) return [];
  return [finding("pipelineBroken", "probe", stage ?? "", detail)];
};

const cellFindings = ({ cell, nowMs }: DiagnosisInput): readonly Finding[] => {
  switch (cell.type) {
    case "damaged": {
      const detail = "The control cell cannot be read.";
      return [finding("cellDamaged", "ledger", "", detail)];
    }
    case "unread":
      return [finding("componentFailing", "ledger", "", cell.detail)];
    case "whole": {
      const { unknownSinceMs } = cell;
      if (unknownSinceMs === null || nowMs - unknownSinceMs <= UNKNOWN_MAX_MS) return [];
      const seconds = Math.round((nowMs - unknownSinceMs) / 1_000);
      const detail = `An order's fate has not been known for ${seconds} s.`;
      return [finding("ordersUnknown", "execute-orders", "", detail)];
    }
  }
};

const faultFindings = ({ failures, drift }: DiagnosisInput): readonly Finding[] => {
  const faults = [...failures].flatMap(([component, evidence]) => {
    const { fault, detail } = evidence;
    if (fault === null || isGivenUp(evidence)) return [];
    const cause = fault === "schema" ? "contractChanged" : "credentialsRefused";
    return [finding(cause, component, "", detail)];
  });
  return drift === null
    ? faults
    : [finding("configurationDrift", "configuration", "", drift), ...faults];
};

const feedFindings = (input: DiagnosisInput): readonly Finding[] => {
  const { health, failures, deadLetters } = input;
  const flow = health.components.find(({ component }) => component === "flow");
  // What failed a while ago and works again is not well yet, but there is nothing left to mend.
  const isFlowLame =
    flow !== undefined &&
    flow.evidenceAtMs !== null &&
    (flow.level === "unknown" || failures.has("flow"));
  return [
    ...input.failingVendors.map((vendor) =>
      finding("vendorFailing", "market-data", vendor, `Calls to ${vendor} fail.`),
    ),
    ...(isFlowLame && isOfItsOwn(failures.get("flow"))
      ? [finding("flowStale", "flow", "", flow.reason)]
      : []),
    ...input.stalledSymbols.map((symbol) =>
      finding("pollingStalled", "market-data", symbol, `${symbol} has had no valid quote lately.`),
    ),
    ...input.harmfulFlags.map((flag) =>
      finding("flagHarmful", "market-data", flag, `${flag} is on trial, and health is worse.`),
    ),
    ...(deadLetters !== null && deadLetters > 0
      ? [finding("deadLettersWaiting", "queues", "", `${deadLetters} messages were given up.`)]
      : []),
  ];
};

/** What a person has to cure is found as that, and not as something that is old. */
const isOfItsOwn = (failure: Evidence | undefined): boolean =>
  failure === undefined || failure.fault === null || isGivenUp(failure);

const environmentFindings = ({ environments }: DiagnosisInput): readonly Finding[] =>
  environments.flatMap(({ functionName, isLeaking, isDiskFull, detail }) => [
    ...(isLeaking ? [finding("environmentLeaking", functionName, functionName, detail)] : []),
    ...(isDiskFull ? [finding("diskFull", functionName, functionName, detail)] : []),
  ]);
