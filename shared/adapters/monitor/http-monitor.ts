import type { Monitor } from "../../ports/monitor.ts";
import type { HttpClient } from "../http/http-client.ts";

/** What the adapter needs. */
export type HttpMonitorDeps = {
  readonly http: HttpClient;
  /** The address that the monitor gave out; who knows it can keep the monitor quiet. */
  readonly url: string;
};

const TIMEOUT_MS = 3_000;

/** A monitor that is told by one GET request; anything but 2xx counts as not heard. */
export const createHttpMonitor = ({ http, url }: HttpMonitorDeps): Monitor => ({
  beat: async () => {
    const outcome = await http.send({ method: "GET", url, headers: {}, timeoutMs: TIMEOUT_MS });
    return outcome.type === "answer" && outcome.status >= 200 && outcome.status < 300;
  },
});
