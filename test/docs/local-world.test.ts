import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const page = readFileSync(resolve("docs/local-world.md"), "utf8");
const routes = readFileSync(resolve("lambdas/serve-api/routes.ts"), "utf8");

describe("the page about the local world", () => {
  it("names every address that can be read", () => {
    const read = [...routes.matchAll(/"GET ([^"]+)"/g)].map(([, path = ""]) => path);
    expect(read).toContain("/api/orders/{clientOrderId}");
    const asWritten = read.map((path) =>
      path.replace("{clientOrderId}", "<id>").replace("{component}", "<component>"),
    );
    expect(asWritten.filter((path) => !page.includes(`\`${path}\``))).toEqual([]);
  });
});
