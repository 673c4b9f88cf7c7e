import { describe, expect, it } from "vitest";
import * as z from "zod";
import { orderDrillText } from "../../../bin/reports/drill-orders.ts";
import { drill } from "../../../bin/verbs/drill.ts";
import { drillSettings } from "../../../local/drills/drill-settings.ts";
import type { FaultRow } from "../../../local/drills/orders/drill-fault.ts";
import { drillOrders } from "../../../local/drills/orders/drill-orders.ts";
import { VENDOR_PLANS } from "../../../local/drills/vendors/vendor-plans.ts";
import { FAULT_PLANS } from "../../../local/drills/orders/fault-plans.ts";
import { Fault } from "../../../local/exchange/faults/fault.ts";
import { parseConfiguration } from "../../../shared/runtime/configuration.ts";
import { runVerb } from "../../cli/run-verb.ts";

const run = (...words: readonly string[]) => runVerb(drill, ...words);

const settled = {
  duplicates: z.literal(0),
  unguarded: z.literal(0),
  unknownLeft: z.literal(0),
  ledgerEqualsBroker: z.literal(true),
  secondsToSettle: z.number(),
};

const OrdersOutput = z.object({
  mode: z.literal("sim"),
  rows: z.array(
    z.object({
      ...settled,
      fault: z.string(),
      struck: z.int().positive(),
      ordersSent: z.int().positive(),
      ok: z.literal(true),
    }),
  ),
  totals: z.object({ ...settled, faults: z.int(), ordersSent: z.int().positive() }),
  ok: z.literal(true),
});

const KillsOutput = z.object({
  ...settled,
  mode: z.literal("sim"),
  kills: z.literal(3),
  ordersSent: z.int().positive(),
  ok: z.literal(true),
});

describe("holdfast drill orders", () => {
  it("has a row for every fault that the exchange can show, here or with the vendors", () => {
    const plans = [...FAULT_PLANS, ...VENDOR_PLANS];
    const shown = new Set(plans.flatMap(({ faults }) => faults.map(({ name }) => name)));
    expect([...shown].toSorted()).toEqual(
      Fault.options.map(({ shape }) => shape.name.value).toSorted(),
    );
  });

  it(
    "leaves nothing doubled, unguarded or unknown behind when answers are lost",
    { timeout: 120_000 },
    async () => {
      const { exitCode, output } = await run("orders", "--faults", "dropAnswer", "--json");
      const { rows, totals } = OrdersOutput.parse(JSON.parse(output));
      expect(rows.map(({ fault }) => fault)).toEqual(["dropAnswer"]);
      expect(totals.faults).toBe(1);
      expect(exitCode).toBe(0);
    },
  );

  it("does not call a drill good that did not run to its end", async () => {
    const parsed = parseConfiguration("version: 1\nsymbols: [IBM]\n", {});
    if (!parsed.ok) throw new Error("The fixture's configuration is not valid.");
    const stopped = AbortSignal.abort();
    const options = { settings: drillSettings(parsed.value), seed: 1, speed: 60, stopped };
    expect(await drillOrders({ ...options, plans: FAULT_PLANS })).toMatchObject({
      rows: [],
      // What nobody measured neither agrees nor took no time.
      totals: { faults: 0, ledgerEqualsBroker: null, secondsToSettle: null },
      isStopped: true,
      ok: false,
    });
  });

  it("says which faults there are when it is asked for another", async () => {
    const { exitCode, errors } = await run("orders", "--faults", "flood");
    expect(exitCode).toBe(64);
    expect(errors).toMatch(
      /^holdfast: --faults takes dropAnswer, .*there is no fault "flood"\.\n$/,
    );
  });
});

describe("the text of an order drill", () => {
  const row = {
    fault: "dropAnswer",
    struck: 3,
    ordersSent: 12,
    duplicates: 0,
    unguarded: 0,
    unknownLeft: 0,
    ledgerEqualsBroker: true,
    secondsToSettle: 40,
    tradingMode: "active",
    differences: [],
    ok: true,
  } as const;
  const wrong = {
    ...row,
    fault: "hideOrder",
    ledgerEqualsBroker: false,
    secondsToSettle: null,
    differences: ["The ledger holds 1 IBM, the exchange 0."],
    ok: false,
  };
  const textOf = (rows: readonly FaultRow[]): string => {
    const ok = rows.every((each) => each.ok);
    const totals = { ...row, faults: rows.length, ledgerEqualsBroker: ok };
    const drilled = {
      mode: "sim",
      seed: 1,
      speed: 60,
      rows,
      totals,
      isStopped: false,
      ok,
    } as const;
    return orderDrillText(drilled, {
      write: () => undefined,
      writeError: () => undefined,
      isTerminal: false,
      environment: {},
      stopped: AbortSignal.abort(),
    });
  };

  it("has the mode, a line for each fault, and the verdict", () => {
    expect(textOf([row])).toMatch(/^\[SIM\] Order drill, seed 1, speed 60x\n/);
    expect(textOf([row])).toMatch(/^dropAnswer +3 +12 +0 +0 +0 +yes +40 s +ok$/m);
    expect(textOf([row])).toContain("Every fault struck");
  });

  it("says of a fault that never settled what still differs", () => {
    expect(textOf([row, wrong])).toMatch(/^hideOrder .* no +never +FAILED$/m);
    expect(textOf([row, wrong])).toContain("hideOrder: The ledger holds 1 IBM, the exchange 0.");
    expect(textOf([row, wrong])).toContain("The drill failed");
  });
});

describe("holdfast drill kills", () => {
  it(
    "kills the world under load and finds both books in agreement",
    { timeout: 180_000 },
    async () => {
      const { exitCode, output } = await run("kills", "--times", "3", "--json");
      KillsOutput.parse(JSON.parse(output));
      expect(exitCode).toBe(0);
    },
  );
});
