import type { Plant } from "./plant.ts";

const KEEP_CONFIGURATION = "shared/use-cases/keep-configuration.ts";
const CHOOSE = "shared/domain/healing/choose-treatment.ts";

/** Mistakes in healing, in the probe, in alerts and in what is signed. */
export const TENDING_PLANTS: readonly Plant[] = [
  {
    name: "remedy-loosens-limit",
    file: KEEP_CONFIGURATION,
    find: "      : { ...now, limits, limitsDigest },",
    replace: `      : {
          ...now,
          limits: { ...limits, maxPositionSize: (2 * limits.maxPositionSize) as never },
          limitsDigest,
        },`,
    why: "What restores the signed limits leaves more room than anybody signed.",
  },
  {
    name: "remedy-resumes-trading",
    file: KEEP_CONFIGURATION,
    find: "      : { ...now, limits, limitsDigest },",
    replace: `      : {
          ...now,
          limits,
          limitsDigest,
          tradingState: { ...now.tradingState, mode: "active" as const },
        },`,
    why: "Once a drift is mended, entries go on without anybody having looked.",
  },
  {
    name: "drift-noticed-in-one-direction",
    file: "shared/domain/policy/trading-policy.ts",
    find: "    return one === other ? [] : [{ path, signed: one, found: other }];",
    replace: `    const isLower = Number(other) < Number(one);
    return one === other || isLower ? [] : [{ path, signed: one, found: other }];`,
    why: "Somebody lowers a limit past everything that signs, and nobody ever hears of it.",
  },
  {
    name: "drift-goes-on-trading",
    file: KEEP_CONFIGURATION,
    find: "    const reduced = await updateCell(deps, cell, (now) => reduceTrading(now, change));",
    replace:
      '    const reduced = await updateCell(deps, cell, (now) => (change.by === "" ? reduceTrading(now, change) : now));',
    why: "A drift is put right, and entries go on meanwhile on what nobody signed.",
  },
  {
    name: "probe-account-accepted",
    file: "shared/domain/orders/client-order-id.ts",
    find: "account === undefined || account === PROBE_ACCOUNT",
    replace: "account === undefined",
    why: "An order of the probe that strays into the queue is taken for a real one.",
  },
  {
    name: "probe-cleans-the-account",
    file: "shared/use-cases/probe/probe-pipeline.ts",
    find: "  const loaded = await ledger.loadCell(PROBE_ACCOUNT);",
    replace: "  const loaded = await ledger.loadCell(settings.account);",
    why: "The probe marks the account's own cell as reconciled.",
  },
  {
    name: "alert-told-before-delivery",
    file: "shared/use-cases/keep-alerts.ts",
    find: "    const isKept = await keepIfPossible(telemetry, { alert, toldAtMs: null, beganAtMs });",
    replace:
      "    const isKept = await keepIfPossible(telemetry, { alert, toldAtMs: clock.nowMs(), beganAtMs });",
    why: "An alert that the topic did not take counts as told, and is never told.",
  },
  {
    name: "page-refusal-ignored",
    file: "shared/use-cases/notify.ts",
    find: `      throw new RetryableError("The pager asked for another try.");`,
    replace: "      return;",
    why: "A page that the pager could not take is gone.",
  },
  {
    name: "incident-never-told",
    file: "shared/use-cases/aggregate-health.ts",
    find: `(isStarting(health) ? "OK" : health.level)`,
    replace: `(health.components.length > 0 ? "OK" : health.level)`,
    why: "Health says that trading has failed, and nobody is told.",
  },
  {
    name: "worse-is-not-told",
    file: "shared/use-cases/aggregate-health.ts",
    find: "return last === toldLevel(health) ?",
    replace: `return last === toldLevel(health) || last !== "OK" ?`,
    why: "Who was warned that trading is degraded is never called when it has failed.",
  },
  {
    name: "failure-proves-health",
    file: "shared/domain/health/incident-over.ts",
    find: "evidence.succeeded && evidence.fault === null;",
    replace: `evidence.detail !== "";`,
    why: "A component that fails all the time counts as well, because it is not silent.",
  },
  {
    name: "stopped-remedy-used-again",
    file: CHOOSE,
    find: "  if (isStopped(remedy, history, nowMs, budget)) {\n",
    replace: "  if (isStopped(remedy, [], nowMs, budget)) {\n",
    why: "What has failed five times is done again and again instead of calling a person.",
  },
];
