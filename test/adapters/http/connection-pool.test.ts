import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createHttpClient, type HttpRequest } from "../../../shared/adapters/http/http-client.ts";
import { closedAddress } from "../scripted-server.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A vendor that answers `{}` to everything, and whose connections one can count and cut. */
const openVendor = async () => {
  const sockets: Socket[] = [];
  let requests = 0;
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.on("data", () => {
      requests += 1;
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: keep-alive\r\n\r\n{}");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    /** Waits until so many connections were made in all. */
    connected: async (count: number) => {
      while (sockets.length < count) await once(server, "connection");
      await turns();
    },
    connections: () => sockets.length,
    requests: () => requests,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
};

/** Lets both ends hear what happened. */
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

const openClient = () => {
  const time = { nowMs: 0 };
  const client = createHttpClient(
    { clock: { monotonicMs: () => time.nowMs } },
    { connectionsMax: 8, idleMaxMs: 1_000 },
  );
  closers.push(client.close);
  return { client, time };
};

const get = (url: string): HttpRequest => ({ method: "GET", url, headers: {}, timeoutMs: 5_000 });

describe("connections that are opened ahead", () => {
  it("stand before the first request, which is sent over one of them", async () => {
    const vendor = await openVendor();
    const { client } = openClient();
    client.prepare?.(`${vendor.url}/any`, 1);
    await vendor.connected(1);
    expect(vendor.requests()).toBe(0);
    expect(await client.send(get(vendor.url))).toMatchObject({ type: "answer", isOverKept: true });
    expect(vendor.connections()).toBe(1);
  });

  it("are taken by a request that comes while they are on their way", async () => {
    const vendor = await openVendor();
    const { client } = openClient();
    client.prepare?.(vendor.url, 1);
    expect(await client.send(get(vendor.url))).toMatchObject({ type: "answer" });
    expect(vendor.connections()).toBe(1);
  });

  it("are as many as asked for together with those that stand, within the bound", async () => {
    const vendor = await openVendor();
    const { client } = openClient();
    await client.send(get(vendor.url));
    client.prepare?.(vendor.url, 3);
    client.prepare?.(vendor.url, 3);
    await vendor.connected(3);
    expect(vendor.connections()).toBe(3);
    await Promise.all([1, 2, 3].map(() => client.send(get(vendor.url))));
    expect(vendor.connections()).toBe(3);
    client.prepare?.(vendor.url, 100);
    await vendor.connected(8);
    expect(vendor.connections()).toBe(8);
  });

  it("are opened again when the server has closed them, or they idled for too long", async () => {
    const vendor = await openVendor();
    const { client, time } = openClient();
    client.prepare?.(vendor.url, 1);
    await vendor.connected(1);
    vendor.cut();
    await turns();
    client.prepare?.(vendor.url, 1);
    await vendor.connected(2);
    time.nowMs = 2_000;
    client.prepare?.(vendor.url, 1);
    await vendor.connected(3);
    expect(await client.send(get(vendor.url))).toMatchObject({ type: "answer", isOverKept: true });
    expect(vendor.connections()).toBe(3);
  });

  it("are nothing to anybody where they cannot be opened", async () => {
    const { client } = openClient();
    const closed = await closedAddress();
    client.prepare?.(closed, 2);
    client.prepare?.("not an address", 1);
    client.prepare?.("ftp://127.0.0.1", 1);
    await turns();
    expect(await client.send(get(closed))).toMatchObject({ type: "noConnection" });
  });
});
