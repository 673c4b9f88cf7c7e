import { describe, expect, it } from "vitest";
import type { Money } from "../../../shared/domain/market/money.ts";
import type { ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import { haltTrading, reduceTrading } from "../../../shared/domain/risk/trading-state.ts";
import { healingNeverLoosens } from "../../../simulation/invariants/healing-never-loosens.ts";
import { cellOf, intentOf, NOW_MS } from "../../fixtures/orders.ts";
import { settings } from "../../use-cases/trading-account.ts";
import { claimOf } from "../../fixtures/claims.ts";
import { by, createStage, judge, type Told, withClaims, wrote } from "./stage.ts";

const signed: ControlCell = { ...cellOf(), limits: settings.limits };
const looser: ControlCell = {
  ...signed,
  limits: {
    ...settings.limits,
    maxPositionSize: (2 * settings.limits.maxPositionSize) as Money,
  },
};
const healer = by("run-diagnostics");
const change = { reason: "A test.", by: "run-diagnostics", atMs: NOW_MS };

const verdicts = (...told: readonly Told[]): number =>
  judge(healingNeverLoosens, createStage(), told).length;

const evidence = (succeeded: boolean): Told => ({
  type: "tendingWrote",
  actor: healer,
  table: "telemetry",
  partition: "evidence#us-east-1#flow",
  document: { succeeded },
});

describe("healing never loosens risk", () => {
  it("holds where the signed limits are put back, from either side, and where trading stops", () => {
    const tighter = { ...signed, limits: { ...settings.limits, maxEntriesPerDay: 1 } };
    expect(verdicts(wrote(looser, signed, healer), wrote(tighter, signed, healer))).toBe(0);
    expect(verdicts(wrote(signed, haltTrading(signed, change), healer))).toBe(0);
    expect(verdicts(evidence(false))).toBe(0);
  });

  it("lets somebody who is no function move a limit, which others have to notice", () => {
    expect(verdicts(wrote(signed, looser, undefined))).toBe(0);
  });

  it("is broken by limits that nobody signed, whoever of us puts them there", () => {
    expect(verdicts(wrote(signed, looser, healer))).toBe(1);
    expect(verdicts(wrote(signed, looser, by("open-cycle")))).toBe(1);
  });

  it("is broken where healing lets more through, claims, or says that something works", () => {
    const reduced = reduceTrading(signed, change);
    expect(
      verdicts(wrote(reduced, { ...reduced, tradingState: signed.tradingState }, healer)),
    ).toBe(1);
    expect(verdicts(wrote(signed, withClaims(signed, claimOf(intentOf())), healer))).toBe(1);
    expect(verdicts(evidence(true))).toBe(1);
  });

  it("is broken by writing anywhere else, and by keeping as signed what is not", () => {
    const elsewhere = { type: "tendingWrote", actor: healer, document: {} } as const;
    expect(
      verdicts(
        { ...elsewhere, table: "telemetry", partition: "quotes#us-east-1#0" },
        { ...elsewhere, table: "ledger", partition: "orders#main" },
      ),
    ).toBe(2);
    const record = { type: "signedRecordWritten", isSpare: false } as const;
    const forged = { policyText: "{}", signatures: ["forged"] };
    expect(verdicts({ ...record, actor: healer, document: forged })).toBe(1);
    expect(verdicts({ ...record, actor: undefined, document: forged })).toBe(0);
  });
});
