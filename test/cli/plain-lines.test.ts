import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toPlainLines } from "../../bin/reports/plain-lines.ts";

describe("a JSON value for a person", () => {
  it("is lines of names and values, indented by what they are inside of", () => {
    const snapshot = { mode: "halted", held: { SPY: "3" }, inFlight: [], by: null, epoch: 2 };
    expect(toPlainLines(snapshot, 1)).toEqual([
      "  mode: halted",
      "  held:",
      "    SPY: 3",
      "  inFlight: none",
      "  by: none",
      "  epoch: 2",
    ]);
  });

  it("tells every text that is in it, however deep", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = toPlainLines(value).join("\n");
        const visit = (inner: unknown): void => {
          if (typeof inner === "number") expect(text).toContain(JSON.stringify(inner));
          if (typeof inner === "object" && inner !== null) Object.values(inner).forEach(visit);
        };
        visit(value);
      }),
    );
  });
});
