import { describe, expect, it } from "vitest";
import * as z from "zod";
import { chaos } from "../../bin/verbs/chaos.ts";
import { runVerb } from "./run-verb.ts";

const Report = z.object({
  isStopped: z.boolean(),
  scenarios: z.array(
    z.object({ name: z.string(), ordersSent: z.int().positive(), ordersDoubled: z.literal(0) }),
  ),
});

describe("chaos run, several at once", () => {
  // How well each held depends on the machine at this speed, and is measured elsewhere.
  it(
    "plays each in a process of the CLI's own, and has the results of all",
    { timeout: 120_000 },
    async () => {
      const words = ["run", "flow_down,schema_drift", "--at-once", "2", "--speed", "120", "--json"];
      const { output, errors } = await runVerb(chaos, ...words);
      expect(errors).toContain("2 of 2: schema_drift");
      expect(errors).not.toContain("holdfast:");
      const { isStopped, scenarios } = Report.parse(JSON.parse(output));
      expect(scenarios.map(({ name }) => name)).toEqual(["flow_down", "schema_drift"]);
      expect(isStopped).toBe(false);
    },
  );
});
