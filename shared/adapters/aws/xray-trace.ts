import { createSocket, type Socket } from "node:dgram";
import { randomBytes } from "node:crypto";
import type { Trace } from "../../ports/trace.ts";

/**
 * What the adapter needs; both are asked anew for each work, as an invocation has its own trace.
 */
export type XRayTraceDeps = {
  /**
   * `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`, while there is
   * one.
   */
  readonly header: () => string | undefined;
  /** Where the service's daemon listens: `169.254.100.1:2000`. */
  readonly daemonAddress: string | undefined;
};

const PREAMBLE = '{"format": "json", "version": 1}\n';
/** X-Ray's bounds, in characters. */
const NAME_MAX = 200;
const VALUE_MAX = 1_000;

/**
 * Traces by X-Ray: one datagram a work to the daemon that stands beside every function, below the
 * segment that Lambda itself writes. What gets lost is lost; what is not sampled is not sent.
 */
export const createXRayTrace = ({ header, daemonAddress }: XRayTraceDeps): Trace => {
  const daemon = /^([\d.]+):(\d{1,5})$/.exec(daemonAddress ?? "");
  let socket: Socket | undefined;
  return {
    add: (work) => {
      const parent = readHeader(header());
      if (daemon === null || parent === undefined) return;
      const document = {
        ...parent,
        id: randomBytes(8).toString("hex"),
        type: "subsegment",
        name: work.name.slice(0, NAME_MAX),
        start_time: work.startedAtMs / 1_000,
        end_time: work.endedAtMs / 1_000,
        annotations: cut(work.annotations),
        ...(work.hasFailed ? { fault: true } : {}),
      };
      socket ??= openSocket();
      socket.send(PREAMBLE + JSON.stringify(document), Number(daemon[2]), daemon[1]);
    },
  };
};

/** A socket that keeps no environment awake, and whose errors are nobody's. */
const openSocket = (): Socket => {
  const socket = createSocket("udp4");
  socket.on("error", () => undefined);
  return socket.unref();
};

const readHeader = (
  header: string | undefined,
): { readonly trace_id: string; readonly parent_id: string } | undefined => {
  const fields = new Map(
    (header ?? "").split(";").map((part): readonly [string, string] => {
      const [name = "", value = ""] = part.split("=");
      return [name.trim(), value.trim()];
    }),
  );
  const [root, parent] = [fields.get("Root"), fields.get("Parent")];
  return root === undefined || parent === undefined || fields.get("Sampled") !== "1"
    ? undefined
    : { trace_id: root, parent_id: parent };
};

const cut = (annotations: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [name, value.slice(0, VALUE_MAX)]),
  );
