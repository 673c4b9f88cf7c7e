import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { AskedVendor } from "../../../shared/domain/market/vendor-policy.ts";
import type { WorldVendors } from "../../world/world-vendors.ts";

/**
 * An address of its own for each vendor, which can be shut as if the vendor's machine were gone.
 */
export type VendorDoors = {
  /** Opens all doors before the exchange, and says where they are. */
  readonly reach: (vendors: WorldVendors) => Promise<WorldVendors>;
  /** Cuts what is connected; from now on connections are refused. */
  readonly shut: (vendor: AskedVendor) => Promise<void>;
  /** The same address answers again. */
  readonly reopen: (vendor: AskedVendor) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** All vendors that have a door. */
export const DOORS = ["alpaca", "polygon", "yahoo", "tiingo"] as const satisfies AskedVendor[];

const LOOPBACK = "127.0.0.1";

/** Doors that nobody has opened yet. Bytes pass through them unread. */
export const createVendorDoors = (): VendorDoors => {
  const doors = new Map<AskedVendor, Door>();
  return {
    reach: async (vendors) => {
      const urls = new Map<AskedVendor, string>();
      for (const vendor of DOORS) {
        const door = createDoor(Number(new URL(vendors.brokerUrl).port));
        doors.set(vendor, door);
        urls.set(vendor, `http://${LOOPBACK}:${await door.open()}`);
      }
      return {
        ...vendors,
        marketDataUrl: urls.get("alpaca") ?? vendors.marketDataUrl,
        polygonUrl: urls.get("polygon") ?? vendors.polygonUrl,
        yahooUrl: urls.get("yahoo") ?? vendors.yahooUrl,
        tiingoUrl: urls.get("tiingo") ?? vendors.tiingoUrl,
      };
    },
    shut: async (vendor) => doors.get(vendor)?.shut(),
    reopen: async (vendor) => void (await doors.get(vendor)?.open()),
    close: async () => {
      for (const door of doors.values()) await door.shut();
    },
  };
};

type Door = {
  /** Listens, always on the same port, and returns it. */
  readonly open: () => Promise<number>;
  readonly shut: () => Promise<void>;
};

const createDoor = (behind: number): Door => {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;
  const pass = (near: Socket): void => {
    const far = connect(behind, LOOPBACK);
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      // An end of one side is the end of both: nobody here keeps half a connection.
      socket.on("error", () => socket.destroy());
      socket.once("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  };
  return {
    open: async () => {
      server = createServer(pass);
      server.listen(port, LOOPBACK);
      await once(server, "listening");
      ({ port } = server.address() as AddressInfo);
      return port;
    },
    shut: async () => {
      if (server === undefined) return;
      const closed = once(server, "close");
      server.close();
      server = undefined;
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};
