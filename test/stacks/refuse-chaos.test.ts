import { describe, expect, it } from "vitest";
import { createApp } from "../../bin/app.ts";
import { parseDeployment } from "../../lib/deployment.ts";
import { commonEnvironment, type Platform } from "../../lib/constructs/platform.ts";
import { CHAOS_MODES } from "../../shared/domain/chaos/chaos-mode.ts";

const synthesizeWith = (CHAOS_MODE: string, mode: string) => () =>
  createApp({
    configurationFile: "holdfast.yaml",
    functionsDirectory: "dist/functions",
    environment: { CHAOS_MODE },
    context: { mode },
  });

const deploymentOf = (context: Readonly<Record<string, string>>) =>
  parseDeployment((name) => context[name], "123456789012");

const environmentOf = (context: Readonly<Record<string, string>>) => {
  const { mode, chaos } = deploymentOf(context);
  // What the environment is made of; keys and code are none of its business.
  const platform = { mode, region: "us-east-2", configuration: "{}", chaos } as Platform;
  return commonEnvironment(platform);
};

describe("a deployment", () => {
  it("is refused with chaos, whatever its mode, before anything is built", () => {
    for (const chaos of [...CHAOS_MODES.filter((one) => one !== "off"), "everything"]) {
      for (const mode of ["shadow", "paper", "live"]) {
        expect(synthesizeWith(chaos, mode)).toThrow("CHAOS_MODE is set");
      }
    }
  });

  it("lets nothing be broken unless its context says so", () => {
    for (const mode of ["shadow", "paper"]) {
      expect(environmentOf({ mode })).not.toHaveProperty("HOLDFAST_CHAOS");
      expect(environmentOf({ mode, chaos: "none" })).not.toHaveProperty("HOLDFAST_CHAOS");
      expect(environmentOf({ mode, chaos: "allowed" })).toMatchObject({
        HOLDFAST_CHAOS: "allowed",
      });
    }
  });

  it("is refused where orders would be real, chaos or not", () => {
    for (const chaos of ["none", "allowed"]) {
      expect(() => deploymentOf({ mode: "live", chaos })).toThrow("context mode");
    }
  });

  it("is refused where the word is none that is known", () => {
    expect(() => deploymentOf({ mode: "paper", chaos: "yes" })).toThrow("context chaos");
  });
});
