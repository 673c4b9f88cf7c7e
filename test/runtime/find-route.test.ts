import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findRoute } from "../../shared/runtime/find-route.ts";

const ROUTES = new Map([
  ["GET /api/orders", "all"],
  ["GET /api/orders/{id}", "one"],
  ["POST /api/trading/resume/approve", "approve"],
]);

describe("finding a route", () => {
  it("hands over what stands in the path, whatever characters it has", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (id) => {
        const path = `/api/orders/${encodeURIComponent(id)}`;
        expect(findRoute(ROUTES, "GET", path)).toEqual({ route: "one", parameters: { id } });
      }),
    );
  });

  it.each([
    ["GET", "/api/orders/"],
    ["GET", "/api/orders/a/b"],
    ["GET", "/api/orders/%"],
    ["POST", "/api/orders"],
    ["GET", "/api/trading/resume/approve"],
    ["GET", "/toString"],
  ])("finds nothing for %s %s", (method, path) => {
    expect(findRoute(ROUTES, method, path)).toBeUndefined();
  });

  it("prefers what is written out", () => {
    expect(findRoute(ROUTES, "GET", "/api/orders")).toEqual({ route: "all", parameters: {} });
    expect(findRoute(ROUTES, "POST", "/api/trading/resume/approve")?.route).toBe("approve");
  });
});
