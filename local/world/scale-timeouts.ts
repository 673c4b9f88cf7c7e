import type { HttpClient } from "../../shared/adapters/http/http-client.ts";

/** Less would take a pause of this machine for a vendor that does not answer. */
const TIMEOUT_MIN_MS = 250;

/**
 * The same client with time-outs of the world's time for whatever changes something: where a
 * minute takes a second, so does a time-out of a minute. A submission that hangs is then given up
 * before reconciliation, which counts the world's time, may conclude that it never arrived. A read
 * may take its time: it changes nothing, and a cycle that is late is skipped.
 */
export const scaleTimeouts = (http: HttpClient, speed: number): HttpClient => ({
  ...http,
  send: (request) =>
    http.send({
      ...request,
      timeoutMs:
        speed <= 1 || request.method === "GET" || !(request.timeoutMs > 0)
          ? request.timeoutMs
          : Math.min(request.timeoutMs, Math.max(TIMEOUT_MIN_MS, request.timeoutMs / speed)),
    }),
});
