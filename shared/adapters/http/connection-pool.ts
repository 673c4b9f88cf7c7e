import { Agent as HttpAgent, type ClientRequestArgs } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { Socket, type TcpNetConnectOpts } from "node:net";
import type { ConnectionOptions } from "node:tls";
import type { Clock } from "../../ports/clock.ts";

/** The protocols that connections are made for. */
export type Protocol = "http:" | "https:";

/** The bounds of a pool. */
export type PoolPolicy = {
  /** Connections to one server. */
  readonly connectionsMax: number;
  /** A connection that idled longer is not used again: servers drop them without a word. */
  readonly idleMaxMs: number;
};

/** Connections that are kept, and those that are opened before there is a request for them. */
export type ConnectionPool = {
  readonly agents: Readonly<Record<Protocol, HttpAgent>>;
  /** Whether it stood before the request that was just given it. */
  readonly isStanding: (socket: Socket) => boolean;
  /** It stands, or was answered over, at this moment. */
  readonly noteUse: (socket: Socket) => void;
  /** Closes what idled for too long. */
  readonly closeIdle: (protocol: Protocol) => void;
  /**
   * Opens connections until so many stand or are on their way, without waiting: no request is sent,
   * and one that cannot be opened is nothing to anybody.
   */
  readonly prepare: (url: URL, connections: number) => void;
  /** Closes every connection. */
  readonly close: () => void;
};

/** One that is still on its way after so long is no better than a new one. */
const OPENING_MAX_MS = 1_000;

/** Makes a pool for both protocols, each server with its own connections. */
export const createConnectionPool = (
  clock: Pick<Clock, "monotonicMs">,
  policy: PoolPolicy,
): ConnectionPool => {
  const lastUsedMs = new WeakMap<Socket, number>();
  const noteUse = (socket: Socket): void => void lastUsedMs.set(socket, clock.monotonicMs());
  const isIdle = (socket: Socket): boolean =>
    (lastUsedMs.get(socket) ?? -Infinity) < clock.monotonicMs() - policy.idleMaxMs;
  const readiness = createReadiness({ clock, noteUse, lastUsedMs, isIdle });
  // The latest used connection comes first, so that idle ones gather where they are swept.
  const options = {
    keepAlive: true,
    maxSockets: policy.connectionsMax,
    // What was needed at once is kept for the next time.
    maxFreeSockets: policy.connectionsMax,
    scheduling: "lifo",
  } as const;
  const agents = { "http:": new HttpAgent(options), "https:": new HttpsAgent(options) };
  const open = {
    "http:": useReady(agents["http:"], readiness),
    "https:": useReady(agents["https:"], readiness),
  };
  const closeIdle = (protocol: Protocol): void => {
    for (const sockets of Object.values(agents[protocol].freeSockets)) {
      for (const socket of sockets ?? []) if (isIdle(socket)) socket.destroy();
    }
  };
  return {
    agents,
    isStanding: (socket) => lastUsedMs.has(socket),
    noteUse,
    closeIdle,
    prepare: (url, connections) => {
      const { protocol } = url;
      if (protocol !== "http:" && protocol !== "https:") return;
      closeIdle(protocol);
      const place = placeOf(hostOf(url), portOf(url));
      const { sockets, freeSockets } = agents[protocol];
      const standing = countAt(sockets, place) + countAt(freeSockets, place);
      const most = Math.min(connections, policy.connectionsMax);
      for (let ahead = standing + readiness.count(place); ahead < most; ahead++) {
        const socket = open[protocol](url);
        if (socket !== undefined) readiness.add(place, socket, CONNECTED[protocol]);
      }
    },
    close: () => {
      readiness.close();
      agents["http:"].destroy();
      agents["https:"].destroy();
    },
  };
};

/** What a socket says when requests can be written to it. */
const CONNECTED = { "http:": "connect", "https:": "secureConnect" } as const;

const placeOf = (host: string, port: string): string => `${host}:${port}:`;

/** An agent's lists are named after host and port, with more behind them. */
const countAt = (sockets: HttpAgent["sockets"], place: string): number =>
  Object.entries(sockets)
    .filter(([name]) => name.startsWith(place))
    .reduce((sum, [, list]) => sum + (list?.length ?? 0), 0);

/** Makes the agent take what is ready before it opens anything; returns how to open one ahead. */
const useReady = (agent: HttpAgent, readiness: Readiness): ((url: URL) => Socket | undefined) => {
  const open = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const place = placeOf(options.host ?? "localhost", String(options.port));
    return readiness.take(place) ?? open(options, callback);
  };
  return (url) => {
    const wanted: Wanted = {
      host: hostOf(url),
      port: portOf(url),
      // What an agent that keeps connections asks for.
      keepAlive: true,
      noDelay: true,
      ...(url.protocol === "https:"
        ? { servername: hostOf(url), ALPNProtocols: ["http/1.1"] }
        : {}),
    };
    const opened = open(wanted);
    return opened instanceof Socket ? opened : undefined;
  };
};

type Wanted = ClientRequestArgs &
  Pick<TcpNetConnectOpts, "keepAlive" | "noDelay"> &
  Pick<ConnectionOptions, "servername" | "ALPNProtocols">;

/** Without the brackets that an address of IPv6 has in a URL. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, "$1");

const portOf = ({ port, protocol }: URL): string =>
  port === "" ? (protocol === "https:" ? "443" : "80") : port;

/** Connections that nobody has used yet. */
type Readiness = {
  readonly add: (place: string, socket: Socket, connected: string) => void;
  /** The oldest that is still good, which is the caller's from now on. */
  readonly take: (place: string) => Socket | undefined;
  readonly count: (place: string) => number;
  readonly close: () => void;
};

const createReadiness = ({
  clock,
  noteUse,
  lastUsedMs,
  isIdle,
}: {
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly noteUse: (socket: Socket) => void;
  readonly lastUsedMs: WeakMap<Socket, number>;
  readonly isIdle: (socket: Socket) => boolean;
}): Readiness => {
  const ready = new Map<string, Map<Socket, number>>();
  const at = (place: string): Map<Socket, number> => {
    const known = ready.get(place) ?? new Map<Socket, number>();
    ready.set(place, known);
    return known;
  };
  /** Throws those away that are of no use any more. */
  const sweep = (sockets: Map<Socket, number>): void => {
    for (const [socket, openedAtMs] of sockets) {
      const isStuck = !lastUsedMs.has(socket) && clock.monotonicMs() - openedAtMs > OPENING_MAX_MS;
      if (socket.destroyed || isStuck || (lastUsedMs.has(socket) && isIdle(socket))) {
        sockets.delete(socket);
        socket.destroy();
      }
    }
  };
  return {
    add: (place, socket, connected) => {
      const sockets = at(place);
      sockets.set(socket, clock.monotonicMs());
      // It keeps no process alive; whoever takes it does.
      socket.unref();
      socket.once(connected, () => noteUse(socket));
      socket.once("close", () => sockets.delete(socket));
      // Without a listener an error would end the process; its request hears of it by itself.
      socket.on("error", () => sockets.delete(socket));
    },
    take: (place) => {
      const sockets = ready.get(place);
      if (sockets === undefined) return undefined;
      sweep(sockets);
      const [socket] = sockets.keys();
      if (socket === undefined) return undefined;
      sockets.delete(socket);
      return socket.ref();
    },
    count: (place) => {
      const sockets = at(place);
      sweep(sockets);
      return sockets.size;
    },
    close: () => {
      for (const sockets of ready.values()) for (const socket of sockets.keys()) socket.destroy();
    },
  };
};
