import { createApiHandler, type ApiFunction } from "../../shared/runtime/api-handler.ts";
import { controlRoute, controlRouteWith } from "../../shared/runtime/control-route.ts";
import type { Runtime } from "../../shared/runtime/invocation.ts";
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
import { Approval, Flatten, Halt, Reconcile } from "./bodies.ts";

/** Fulfils what operators wish: the half of their API that changes something. */
export const createHandler = (
  deps: FlattenPositionsDeps & ResumeTradingDeps,
  runtime: Runtime,
): ApiFunction => {
  const haltTrading = createHaltTrading(deps);
  const flattenPositions = createFlattenPositions(deps);
  const resumeTrading = createResumeTrading(deps);
  const reconcileOrders = createReconcileOrders(deps);
  const routes = {
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
    "POST /api/reconcile": controlRouteWith(Reconcile, async ({ adopt }, by) =>
      ok(await reconcileOrders(adopt ? { adoptedBy: by } : {})),
    ),
  };
  return createApiHandler({ name: "control-trading", mode: deps.settings.mode, routes }, runtime);
};
