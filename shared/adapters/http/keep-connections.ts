import type { VendorMeasures } from "../../domain/market/feed-record.ts";
import type { Clock } from "../../ports/clock.ts";
import type { HttpClient, HttpOutcome, HttpPolicy, HttpRequest } from "./http-client.ts";

/**
 * Connections to vendors that are asked once a minute: they outlast the minute, and end before the
 * 350 s after which a NAT gateway forgets them without a word. A server that closes them sooner
 * says so, and where a frozen function did not hear it, `keepConnections` asks anew.
 */
export const BETWEEN_POLLS: Partial<HttpPolicy> = { idleMaxMs: 300_000 };

/** One vendor's requests, with what became of its connections. */
export type KeptConnections = {
  readonly http: HttpClient;
  readonly counts: () => Pick<VendorMeasures, "answers" | "answersOverKept">;
};

/**
 * Reads over connections that are kept for long. A GET that breaks off on one that had idled is
 * sent once more at once, on time that is left: the server had closed the connection, and the
 * vendor is not to blame. Counts what is answered over a connection that stood.
 */
export const keepConnections = (
  http: HttpClient,
  clock: Pick<Clock, "monotonicMs">,
): KeptConnections => {
  let answers = 0;
  let answersOverKept = 0;
  return {
    http: {
      ...http,
      send: async (request) => {
        const startedAtMs = clock.monotonicMs();
        const first = await http.send(request);
        const leftMs = request.timeoutMs - (clock.monotonicMs() - startedAtMs);
        const outcome = isStale(request, first)
          ? await http.send({ ...request, timeoutMs: leftMs })
          : first;
        if (outcome.type === "answer") {
          answers += 1;
          if (outcome.isOverKept === true) answersOverKept += 1;
        }
        return outcome;
      },
    },
    counts: () => ({ answers, answersOverKept }),
  };
};

const isStale = ({ method }: HttpRequest, outcome: HttpOutcome): boolean =>
  method === "GET" && outcome.type === "reset" && outcome.isOverKept === true;
