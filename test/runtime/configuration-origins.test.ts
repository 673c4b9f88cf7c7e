import { expect, it } from "vitest";
import { parseConfiguration } from "../../shared/runtime/configuration.ts";
import { originsOf } from "../../shared/runtime/configuration-origins.ts";

it("says of every value whether the file, the environment or the default gave it", () => {
  const text =
    "version: 1\nsymbols: [SPY]\nscoring:\n  thresholds: { base: 3 }\nlimits:\n  maxInFlight: 5\n";
  const environment = { MAX_POSITION_SIZE_USD: "250", PATH: "/bin" };
  const parsed = parseConfiguration(text, environment);
  if (!parsed.ok) throw new Error("The configuration is valid.");
  const origins = originsOf(parsed.value, { fileName: "my.yaml", text, environment });
  const originOf = (path: string) => origins.find((each) => each.path === path);
  expect(originOf("symbols")).toMatchObject({ value: ["SPY"], origin: "my.yaml:2" });
  expect(originOf("scoring.thresholds.base")).toMatchObject({ value: 3, origin: "my.yaml:4" });
  expect(originOf("scoring.thresholds.canary")).toMatchObject({ value: 2.9, origin: "default" });
  expect(originOf("limits.maxInFlight")?.origin).toBe("my.yaml:6");
  expect(originOf("limits.maxPositionSizeUsd")).toEqual({
    path: "limits.maxPositionSizeUsd",
    value: 250,
    origin: "environment MAX_POSITION_SIZE_USD",
  });
  expect(originOf("limits.minCooldownMinutes")?.origin).toBe("default");
});
