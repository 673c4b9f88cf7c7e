import { describe, expect, it } from "vitest";
import { readChaos } from "../../bin/start/read-chaos.ts";
import { CHAOS_MODES } from "../../shared/domain/chaos/chaos-mode.ts";

describe("CHAOS_MODE", () => {
  it("is off unless it is set, in every mode", () => {
    for (const mode of ["sim", "shadow", "paper", "live"] as const) {
      expect(readChaos({}, mode)).toBe("off");
      expect(readChaos({ CHAOS_MODE: "off" }, mode)).toBe("off");
    }
  });

  it("is refused where orders are real, whatever it says", () => {
    for (const chaos of CHAOS_MODES) {
      if (chaos === "off") continue;
      expect(() => readChaos({ CHAOS_MODE: chaos }, "live")).toThrow("this account is live");
      expect(readChaos({ CHAOS_MODE: chaos }, "sim")).toBe(chaos);
    }
  });

  it("is refused where nobody knows the word", () => {
    expect(() => readChaos({ CHAOS_MODE: "everything" }, "sim")).toThrow("chaos list");
  });
});
