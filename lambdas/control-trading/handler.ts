import { createApiHandler, type ApiFunction } from "../../shared/runtime/api-handler.ts";
import type { Runtime } from "../../shared/runtime/invocation.ts";
import { createRoutes, type ControlTradingDeps } from "./routes.ts";

/** Fulfils what operators wish: the half of their API that changes something. */
export const createHandler = (deps: ControlTradingDeps, runtime: Runtime): ApiFunction =>
  createApiHandler(
    { name: "control-trading", mode: deps.settings.mode, routes: createRoutes(deps) },
    runtime,
  );
