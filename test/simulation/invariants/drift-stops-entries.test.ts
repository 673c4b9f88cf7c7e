import { describe, expect, it } from "vitest";
import type { ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import { reduceTrading } from "../../../shared/domain/risk/trading-state.ts";
import { createDriftStopsEntries } from "../../../simulation/invariants/drift-stops-entries.ts";
import type { SimulationMode } from "../../../simulation/seed-run.ts";
import { cellOf, intentOf, NOW_MS, REGION } from "../../fixtures/orders.ts";
import { settings } from "../../use-cases/trading-account.ts";
import { claimOf } from "../../fixtures/claims.ts";
import { by, createStage, judge, type Told, withClaims, wrote } from "./stage.ts";

const signed: ControlCell = { ...cellOf(), limits: settings.limits };
const change = { reason: "Drift.", by: "keep-configuration", atMs: NOW_MS };
const opener = by("open-cycle", REGION, 7);

const driftedBy = (maxEntriesPerDay: number): ControlCell => ({
  ...signed,
  limits: { ...settings.limits, maxEntriesPerDay },
});

const cycle = (run: boolean, fromMs = NOW_MS, toMs = NOW_MS): readonly Told[] => [
  { type: "functionStarted", actor: opener, isColdStart: false, atMs: fromMs },
  {
    type: "functionEnded",
    actor: opener,
    outcome: "returned",
    answer: { run },
    atMs: toMs,
  },
];

const verdicts = (told: readonly Told[], end?: SimulationMode): number => {
  const stage = createStage();
  stage.cell = signed;
  return judge(
    createDriftStopsEntries(),
    stage,
    [wrote(undefined, signed, undefined), ...told],
    end,
  ).length;
};

describe.each([
  ["raised", 10_000],
  ["lowered", 1],
])("drift stops entries: a limit that somebody %s", (_name, entries) => {
  const drifted = driftedBy(entries);
  const drift = wrote(signed, drifted, undefined);

  it("is let be until a cycle has opened, and where it is put back by that cycle", () => {
    const claimed = withClaims(drifted, claimOf(intentOf()));
    expect(verdicts([drift, wrote(drifted, claimed, by("execute-orders"))])).toBe(0);
    const stopped = reduceTrading(drifted, change);
    const restored = { ...stopped, limits: settings.limits };
    const [started, ended] = cycle(true);
    expect(
      verdicts([
        drift,
        started!,
        wrote(drifted, stopped, opener),
        wrote(stopped, restored, opener),
        ended!,
      ]),
    ).toBe(0);
  });

  it("is broken by a cycle that opens and neither stops entries nor puts it back", () => {
    expect(verdicts([drift, ...cycle(true)])).toBe(2);
    expect(verdicts([drift, ...cycle(false)])).toBe(0);
  });

  it("is broken by an entry that is claimed once it is known", () => {
    const claimed = withClaims(drifted, claimOf(intentOf()));
    const told = [drift, ...cycle(true), wrote(drifted, claimed, by("execute-orders"))];
    expect(verdicts(told)).toBe(3);
  });

  it("is broken where it still stands when all faults have long stopped", () => {
    expect(verdicts([drift], "liveness")).toBe(1);
    expect(verdicts([drift], "safety")).toBe(0);
  });
});

describe("drift stops entries", () => {
  const unsigned = { type: "configurationDeployed", region: REGION, isSigned: false } as const;

  it("is broken by a Region that runs what nobody signed and goes on", () => {
    expect(verdicts([unsigned, ...cycle(true)])).toBe(1);
    expect(verdicts([unsigned, { ...unsigned, isSigned: true }, ...cycle(true)])).toBe(0);
  });

  it("leaves time for reading a record that was forged, and no more", () => {
    const forged: Told = {
      type: "signedRecordWritten",
      actor: undefined,
      isSpare: false,
      document: {},
    };
    const laterMs = NOW_MS + 6 * 60_000;
    expect(verdicts([forged, ...cycle(true)])).toBe(0);
    expect(verdicts([forged, ...cycle(true, laterMs, laterMs)])).toBe(1);
  });

  it("asks nothing of a cycle that the ledger failed", () => {
    const fault: Told = {
      type: "faultStruck",
      fault: {
        number: 1,
        atMs: NOW_MS,
        kind: "fail-before",
        where: `${REGION} open-cycle ledger.get`,
      },
    };
    const [started, ended] = cycle(true);
    expect(verdicts([unsigned, started!, fault, ended!])).toBe(0);
  });
});
