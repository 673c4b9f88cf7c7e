import type { createApiHandler } from "../../shared/runtime/api-handler.ts";
import { controlRoute, controlRouteWith } from "../../shared/runtime/control-route.ts";
import { ok } from "../../shared/domain/result.ts";
import {
  createFlattenPositions,
  type FlattenPositionsDeps,
} from "../../shared/use-cases/flatten-positions.ts";
import { createHaltTrading } from "../../shared/use-cases/halt-trading.ts";
import { createReconcileOrders } from "../../shared/use-cases/reconcile-orders.ts";
import {
  createResumeTrading,
  type ResumeTradingDeps,
} from "../../shared/use-cases/resume-trading.ts";
import {
  createStartFailover,
  type StartFailoverDeps,
} from "../../shared/use-cases/start-failover.ts";
import { createControlChaos, type ChangeChaosDeps } from "../../shared/use-cases/control-chaos.ts";
import {
  createControlHealing,
  type ControlHealingDeps,
} from "../../shared/use-cases/healing/control-healing.ts";
import { createTestAlerts } from "../../shared/use-cases/test-alerts.ts";
import {
  Approval,
  Failover,
  Flatten,
  Halt,
  InjectChaos,
  Reconcile,
  ResumeRemedy,
} from "./bodies.ts";

type Routes = Parameters<typeof createApiHandler>[0]["routes"];

/** What operators' wishes are fulfilled with. */
export type ControlTradingDeps = FlattenPositionsDeps &
  ResumeTradingDeps &
  StartFailoverDeps &
  ControlHealingDeps &
  ChangeChaosDeps;

/** What can be wished for, by method and path. */
export const createRoutes = (deps: ControlTradingDeps): Routes => {
  const haltTrading = createHaltTrading(deps);
  const flattenPositions = createFlattenPositions(deps);
  const resumeTrading = createResumeTrading(deps);
  const reconcileOrders = createReconcileOrders(deps);
  const startFailover = createStartFailover(deps);
  const testAlerts = createTestAlerts(deps);
  const healing = createControlHealing(deps);
  const chaos = createControlChaos(deps);
  return {
    "POST /api/failover/plan": controlRouteWith(Failover, (body, by) =>
      startFailover.plan({ ...body, by }),
    ),
    "POST /api/failover": controlRouteWith(Failover, (body, by) =>
      startFailover.start({ ...body, by }),
    ),
    "POST /api/trading/halt": controlRouteWith(Halt, (body, by, deadline) =>
      haltTrading({ ...body, by }, deadline),
    ),
    "POST /api/trading/flatten": controlRouteWith(Flatten, (body, by, deadline) =>
      flattenPositions({ ...body, by }, deadline),
    ),
    "POST /api/trading/resume/request": controlRoute((by) => resumeTrading.request(by)),
    "POST /api/trading/resume/approve": controlRouteWith(Approval, (body, by) =>
      resumeTrading.approve({ ...body, by }),
    ),
    "POST /api/chaos/inject": controlRouteWith(InjectChaos, (body, by) =>
      chaos.inject({ ...body, by }),
    ),
    "POST /api/chaos/clear": controlRoute((by) => chaos.clear(by)),
    "POST /api/sre/health": controlRoute((by) => healing.start(by)),
    "POST /api/sre/resume": controlRouteWith(ResumeRemedy, ({ remedy }, by) =>
      healing.resume({ remedy, by }),
    ),
    "POST /api/alerts/test": controlRoute((by) => testAlerts(by)),
    "POST /api/reconcile": controlRouteWith(Reconcile, async ({ adopt }, by) =>
      ok(await reconcileOrders(adopt ? { adoptedBy: by } : {})),
    ),
  };
};
