import { createApiHandler, type ApiFunction } from "../../shared/runtime/api-handler.ts";
import type { Runtime } from "../../shared/runtime/invocation.ts";
import { createRoutes, type ServeApiDeps } from "./routes.ts";

/**
 * Charts and tables that are worth something when they are old. Health, alerts and the state of
 * trading are not among them: those are true now, or not known.
 */
const KEPT_ROUTES = [
  "GET /api/funnel",
  "GET /api/positions",
  "GET /api/orders",
  "GET /api/cycle",
  "GET /api/quotes",
  "GET /api/equity",
  "GET /api/scores",
  "GET /api/vendors",
];

/** Serves the operator's API: reading only. */
export const createHandler = (deps: ServeApiDeps, runtime: Runtime): ApiFunction =>
  createApiHandler(
    {
      name: "serve-api",
      mode: deps.settings.mode,
      routes: createRoutes(deps),
      keptRoutes: KEPT_ROUTES,
    },
    runtime,
  );
