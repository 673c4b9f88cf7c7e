import { expect, it } from "vitest";
import { connectVendors } from "../../../shared/adapters/gateway/connect-vendors.ts";
import type { HttpClient } from "../../../shared/adapters/http/http-client.ts";
import { policy } from "./fake-vendors.ts";

const open = (keys: { readonly polygon?: string; readonly tiingo?: string }) => {
  const prepared: (readonly [string, number])[] = [];
  const http: HttpClient = {
    send: async () => ({ type: "noConnection", detail: "x" }),
    prepare: (url, connections) => prepared.push([url, connections]),
    close: () => undefined,
  };
  const vendors = connectVendors(
    {
      alpaca: { url: "http://alpaca", credentials: { keyId: "k", secretKey: "s" } },
      polygon: { url: "http://polygon", key: keys.polygon },
      yahoo: { url: "http://yahoo" },
      tiingo: { url: "http://tiingo", token: keys.tiingo },
    },
    { http, clock: { nowMs: () => 0, monotonicMs: () => 0 }, settings: { marketData: policy } },
  );
  return { vendors, prepared };
};

it("leaves a vendor without its key out", () => {
  expect(Object.keys(open({}).vendors)).toEqual(["alpaca", "yahoo"]);
  expect(Object.keys(open({ polygon: "k", tiingo: "t" }).vendors)).toHaveLength(4);
});

it("opens as many connections ahead as a poll would need of each vendor, and at most eight", () => {
  const { vendors, prepared } = open({ polygon: "k", tiingo: "t" });
  for (const symbols of [3, 120]) {
    for (const vendor of Object.values(vendors)) vendor.prepare?.(symbols);
  }
  expect(prepared).toEqual([
    ["http://alpaca", 1],
    ["http://polygon", 1],
    ["http://yahoo", 3],
    ["http://tiingo", 1],
    ["http://alpaca", 2],
    ["http://polygon", 1],
    ["http://yahoo", 8],
    ["http://tiingo", 1],
  ]);
});
