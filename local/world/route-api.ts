import type { Functions } from "../functions.ts";
import type { ApiEvent } from "./api-event.ts";

/** The function that the deployed API hands this request to. */
export const routeApi = (
  functions: Pick<
    Functions,
    "serveApi" | "controlTrading" | "controlDeadLetters" | "controlBackups"
  >,
  { requestContext, rawPath }: ApiEvent,
): Functions["serveApi"] => {
  if (requestContext.http.method !== "POST") return functions.serveApi;
  const isLetters = rawPath.startsWith("/api/dead-letters/");
  if (rawPath.startsWith("/api/backups/")) return functions.controlBackups;
  return isLetters ? functions.controlDeadLetters : functions.controlTrading;
};
