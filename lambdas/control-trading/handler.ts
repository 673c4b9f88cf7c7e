import { createApiHandler, type ApiFunction } from "../../shared/runtime/api-handler.ts";
import type { Runtime } from "../../shared/runtime/invocation.ts";
import type { FlattenPositionsDeps } from "../../shared/use-cases/flatten-positions.ts";
import type { ResumeTradingDeps } from "../../shared/use-cases/resume-trading.ts";
import { createRoutes } from "./routes.ts";

/** Fulfils what operators wish: the half of their API that changes something. */
export const createHandler = (
  deps: FlattenPositionsDeps & ResumeTradingDeps,
  runtime: Runtime,
): ApiFunction =>
  createApiHandler(
    { name: "control-trading", mode: deps.settings.mode, routes: createRoutes(deps) },
    runtime,
  );
