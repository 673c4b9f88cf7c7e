import type { Settings } from "../../shared/domain/settings.ts";
import type { Auditing } from "../../shared/ports/auditing.ts";
import type { BreakerRecords } from "../../shared/ports/breaker-records.ts";
import type { Chaos } from "../../shared/ports/chaos.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Leases } from "../../shared/ports/leases.ts";
import type { Healing, SignedConfiguration } from "../../shared/ports/healing.ts";
import type { Ledger } from "../../shared/ports/ledger.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import type { createApiHandler } from "../../shared/runtime/api-handler.ts";
import { OPEN_METRICS_TYPE, toOpenMetrics } from "../../shared/runtime/open-metrics.ts";
import { toApiAnswer } from "../../shared/runtime/to-api-answer.ts";
import { createAssessHealth } from "../../shared/use-cases/assess-health.ts";
import { createExplainOrder } from "../../shared/use-cases/read/explain-order.ts";
import { createReadAudit, createVerifySpan } from "../../shared/use-cases/read/read-audit.ts";
import { createReadAlerts } from "../../shared/use-cases/read/read-alerts.ts";
import { createReadBreakers } from "../../shared/use-cases/read/read-breakers.ts";
import { createReadChaos } from "../../shared/use-cases/read/read-chaos.ts";
import { createReadConfiguration } from "../../shared/use-cases/read/read-configuration.ts";
import type { FailoverReports } from "../../shared/ports/failover-reports.ts";
import { createReadDrills } from "../../shared/use-cases/read/read-drills.ts";
import { createReadCycle } from "../../shared/use-cases/read/read-cycle.ts";
import { createReadEquity } from "../../shared/use-cases/read/read-equity.ts";
import { createReadFlags } from "../../shared/use-cases/read/read-flags.ts";
import { createReadVendors } from "../../shared/use-cases/read/read-vendors.ts";
import { createReadFunnel } from "../../shared/use-cases/read/read-funnel.ts";
import { createReadMetrics } from "../../shared/use-cases/read/read-metrics.ts";
import { createReadOrders } from "../../shared/use-cases/read/read-orders.ts";
import { createReadPositions } from "../../shared/use-cases/read/read-positions.ts";
import { createReadRegion } from "../../shared/use-cases/read/read-region.ts";
import { createReadQuotes } from "../../shared/use-cases/read/read-quotes.ts";
import { createReadRecentErrors } from "../../shared/use-cases/read/read-recent-errors.ts";
import { createReadScores } from "../../shared/use-cases/read/read-scores.ts";
import { createReadSreHealth } from "../../shared/use-cases/read/read-sre-health.ts";
import { createReadSystemHealth } from "../../shared/use-cases/read/read-system-health.ts";
import { createReadTimeline } from "../../shared/use-cases/read/read-timeline.ts";
import { createReadTradingState } from "../../shared/use-cases/read/read-trading-state.ts";

/** What the operator's API reads. */
export type ServeApiDeps = {
  readonly ledger: Pick<Ledger, "loadCell" | "loadEvents" | "listOrders">;
  readonly leases: Pick<Leases, "load">;
  readonly telemetry: Telemetry;
  /** What the functions share of the vendors' breakers; without it none is known to be open. */
  readonly breakers?: Pick<BreakerRecords, "list"> | undefined;
  /** The log of healing; without it nothing was ever healed. */
  readonly healing?: Pick<Healing, "list" | "reports"> | undefined;
  /** What drills came to; without it none is known of. */
  readonly drills?: Pick<FailoverReports, "list"> | undefined;
  /** Absent where nothing may be broken on purpose. */
  readonly chaos?: Chaos | undefined;
  /** Absent where nothing is audited. */
  readonly auditing?: Auditing | undefined;
  readonly clock: Clock;
  /** SHA-256 of text, in hexadecimal. */
  readonly digest: (text: string) => string;
  readonly settings: Settings;
  /** Absent where nothing is signed. */
  readonly configuration?: Pick<SignedConfiguration, "drift"> | undefined;
};

type Routes = Parameters<typeof createApiHandler>[0]["routes"];

/** What can be read, by method and path. */
export const createRoutes = (deps: ServeApiDeps): Routes => {
  const assess = createAssessHealth(deps);
  const readHealth = createReadSystemHealth({ ...deps, assess });
  const readRecentErrors = createReadRecentErrors(deps);
  const readMetrics = createReadMetrics({ ...deps, readHealth });
  const readAlerts = createReadAlerts(deps);
  const readAudit = createReadAudit(deps);
  const verifyAudit = createVerifySpan(deps);
  const readFunnel = createReadFunnel(deps);
  const readPositions = createReadPositions(deps);
  const readOrders = createReadOrders(deps);
  const readCycle = createReadCycle(deps);
  const readQuotes = createReadQuotes(deps);
  const readEquity = createReadEquity(deps);
  const readScores = createReadScores(deps);
  const readConfiguration = createReadConfiguration(deps);
  const readRegion = createReadRegion(deps);
  const readDrills = createReadDrills({
    ...deps,
    drills: deps.drills ?? { list: async () => [] },
  });
  const readFlags = createReadFlags(deps);
  const breakers = deps.breakers ?? { list: async () => [] };
  const readVendors = createReadVendors({ ...deps, breakers });
  const readBreakers = createReadBreakers({ ...deps, breakers });
  const healing = deps.healing ?? { list: async () => [], reports: async () => [] };
  const readSreHealth = createReadSreHealth({ ...deps, breakers, healing });
  const readChaos = createReadChaos(deps);
  const readTimeline = createReadTimeline({ ...deps, healing, assess });
  const explainOrder = createExplainOrder(deps);
  const readTradingState = createReadTradingState(deps);
  return {
    "GET /api/system/health": async () => ({ type: "Answer", body: await readHealth() }),
    "GET /api/sre/health": async () => ({ type: "Answer", body: await readSreHealth() }),
    "GET /api/system/errors/{component}": async ({ parameters }) =>
      toApiAnswer(await readRecentErrors(parameters["component"] ?? "")),
    "GET /metrics": async () => ({
      type: "Text",
      contentType: OPEN_METRICS_TYPE,
      text: toOpenMetrics(await readMetrics()),
    }),
    "GET /api/chaos": async () => ({ type: "Answer", body: await readChaos() }),
    "GET /api/timeline": async () => ({ type: "Answer", body: await readTimeline() }),
    "GET /api/alerts": async () => ({ type: "Answer", body: await readAlerts() }),
    "GET /api/audit": async ({ query }) => toApiAnswer(await readAudit(query["before"])),
    "GET /api/audit/verification": async ({ query }) =>
      toApiAnswer(await verifyAudit({ from: query["from"], hash: query["hash"] })),
    "GET /api/funnel": async ({ query }) => toApiAnswer(await readFunnel(query["session"])),
    "GET /api/positions": async () => toApiAnswer(await readPositions()),
    "GET /api/orders": async ({ query }) => toApiAnswer(await readOrders(query["session"])),
    "GET /api/orders/{clientOrderId}": async ({ parameters }) =>
      toApiAnswer(await explainOrder(parameters["clientOrderId"] ?? "")),
    "GET /api/trading/state": async () => toApiAnswer(await readTradingState()),
    "GET /api/region": async () => toApiAnswer(await readRegion()),
    "GET /api/drills": async () => ({ type: "Answer", body: await readDrills() }),
    "GET /api/cycle": async () => ({ type: "Answer", body: await readCycle() }),
    "GET /api/quotes": async () => ({ type: "Answer", body: await readQuotes() }),
    "GET /api/equity": async ({ query }) => toApiAnswer(await readEquity(query["session"])),
    "GET /api/configuration": async () => ({ type: "Answer", body: await readConfiguration() }),
    "GET /api/flags": async () => ({ type: "Answer", body: await readFlags() }),
    "GET /api/vendors": async () => ({ type: "Answer", body: await readVendors() }),
    "GET /api/breakers": async () => ({ type: "Answer", body: await readBreakers() }),
    "GET /api/scores": async () => ({ type: "Answer", body: await readScores() }),
  };
};
