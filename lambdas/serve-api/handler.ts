import { createApiHandler, type ApiFunction } from "../../shared/runtime/api-handler.ts";
import type { Runtime } from "../../shared/runtime/invocation.ts";
import { createRoutes, type ServeApiDeps } from "./routes.ts";

/** Serves the operator's API: reading only. */
export const createHandler = (deps: ServeApiDeps, runtime: Runtime): ApiFunction =>
  createApiHandler(
    { name: "serve-api", mode: deps.settings.mode, routes: createRoutes(deps) },
    runtime,
  );
