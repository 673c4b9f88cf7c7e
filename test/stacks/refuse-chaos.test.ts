import { describe, expect, it } from "vitest";
import { createApp } from "../../bin/app.ts";
import { CHAOS_MODES } from "../../shared/domain/chaos/chaos-mode.ts";

const synthesizeWith = (CHAOS_MODE: string, mode: string) => () =>
  createApp({
    configurationFile: "holdfast.yaml",
    functionsDirectory: "dist/functions",
    environment: { CHAOS_MODE },
    context: { mode },
  });

describe("a deployment", () => {
  it("is refused with chaos, whatever its mode, before anything is built", () => {
    for (const chaos of [...CHAOS_MODES.filter((one) => one !== "off"), "everything"]) {
      for (const mode of ["shadow", "paper", "live"]) {
        expect(synthesizeWith(chaos, mode)).toThrow("CHAOS_MODE is set");
      }
    }
  });
});
