import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toOpenMetrics } from "../../shared/runtime/open-metrics.ts";
import type { Measurements } from "../../shared/use-cases/read/read-metrics.ts";

const LINE =
  /^(# (TYPE|HELP) \w+ .+|\w+(\{(\w+="([^"\\\n]|\\["\\n])*",?)+\})? -?[\d.]+(e[+-]?\d+)?|# EOF)$/;

const anyFamily: fc.Arbitrary<Measurements> = fc.record({
  name: fc.constantFrom("holdfast_orders", "holdfast_system_health"),
  type: fc.constantFrom("counter" as const, "gauge" as const, "summary" as const),
  help: fc.string({ minLength: 1 }).map((text) => `x${text.replaceAll(/[\r\u2028\u2029]/g, " ")}`),
  samples: fc.array(
    fc.record({
      labels: fc.dictionary(fc.constantFrom("reason", "stage"), fc.string({ unit: "binary" })),
      value: fc.double(),
    }),
  ),
});

describe("metrics as text", () => {
  it("keeps to the format's lines, whatever is measured, and always ends", () => {
    fc.assert(
      fc.property(fc.array(anyFamily), (families) => {
        const text = toOpenMetrics(families);
        expect(text.endsWith("# EOF\n")).toBe(true);
        for (const line of text.slice(0, -1).split("\n")) expect(line).toMatch(LINE);
      }),
    );
  });

  it("ends counters in _total, and leaves out what has no value", () => {
    const text = toOpenMetrics([
      {
        name: "holdfast_funnel_stopped",
        type: "counter",
        help: "Stopped.",
        samples: [{ labels: { reason: 'a "word"' }, value: 3 }],
      },
      {
        name: "holdfast_empty",
        type: "gauge",
        help: "Nothing.",
        samples: [{ labels: {}, value: Number.NaN }],
      },
    ]);
    expect(text.split("\n")).toEqual([
      "# TYPE holdfast_funnel_stopped counter",
      "# HELP holdfast_funnel_stopped Stopped.",
      'holdfast_funnel_stopped_total{reason="a \\"word\\""} 3',
      "# EOF",
      "",
    ]);
  });
});
