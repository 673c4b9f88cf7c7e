import { describe, expect, it } from "vitest";
import { connectChaos, connectChaosDesk, underChaos } from "../../../shared/runtime/aws/chaos.ts";

const common = { HOLDFAST_REGION: "us-east-2", TELEMETRY_TABLE: "telemetry" };

describe("chaos in a deployed function", () => {
  it("is not there unless the deployment was told so", () => {
    for (const mode of ["shadow", "paper", "live"] as const) {
      const environment = { ...common, HOLDFAST_MODE: mode };
      expect(connectChaos(environment)).toBeUndefined();
      expect(connectChaosDesk(environment)).toBeUndefined();
      const port = { read: async () => "as it is" };
      expect(underChaos(port, environment, () => ({ read: async () => "broken" }))).toBe(port);
    }
  });

  it("keeps a function of a live account from starting", () => {
    const live = { ...common, HOLDFAST_MODE: "live", HOLDFAST_CHAOS: "allowed" } as const;
    expect(() => connectChaos(live)).toThrow("HOLDFAST_CHAOS");
    expect(() => connectChaosDesk(live)).toThrow("HOLDFAST_CHAOS");
    expect(() => underChaos({}, live, (port) => port)).toThrow("HOLDFAST_CHAOS");
    // A function that does not say in which mode it is could be live.
    expect(() => connectChaos({ ...common, HOLDFAST_CHAOS: "allowed" })).toThrow("HOLDFAST_CHAOS");
  });

  it("takes no port with a method that answers at once: nobody could look before it", () => {
    const atOnce = { read: (): string => "as it is" };
    // @ts-expect-error Such a port would answer with a promise where its caller expects a text.
    expect(underChaos(atOnce, common, (port) => port)).toBe(atOnce);
  });

  it("can cause what adapters cause, and damages nothing that is stored", () => {
    const paper = { ...common, HOLDFAST_MODE: "paper", HOLDFAST_CHAOS: "allowed" } as const;
    const desk = connectChaosDesk(paper);
    expect(desk?.causes).toContain("ledger_down");
    expect(desk?.causes).not.toContain("state_corrupt");
    expect(desk?.causes).not.toContain("clock_skew");
    expect(desk?.strikes).toEqual({});
  });
});
