import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_VALIDATION_POLICY } from "../../shared/domain/market/validate-quote.ts";
import { DEFAULT_LIMITS } from "../../shared/domain/risk/limits.ts";
import { DEFAULT_ENTRY_POLICY } from "../../shared/domain/signals/entry-rule.ts";
import { DEFAULT_EXIT_POLICY } from "../../shared/domain/signals/exit-rule.ts";
import { DEFAULT_GATE_POLICY } from "../../shared/domain/signals/gate.ts";
import { DEFAULT_WEIGHTS } from "../../shared/domain/signals/weights.ts";
import { compactConfiguration } from "../../shared/runtime/compact-configuration.ts";
import { Configuration } from "../../shared/runtime/configuration-schema.ts";
import { toSettings } from "../../shared/runtime/configuration-settings.ts";
import { describeProblems, parseConfiguration } from "../../shared/runtime/configuration.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";

const MINIMAL = "version: 1\nsymbols: [SPY]\n";
const world = { mode: "sim", region: "local" } as const;

const problemsOf = (text: string, environment: Record<string, string> = {}): readonly string[] => {
  const parsed = parseConfiguration(text, environment);
  return parsed.ok ? [] : describeProblems("holdfast.yaml", parsed.error);
};

const read = (text: string): unknown =>
  settingsOf({ HOLDFAST_MODE: "sim", HOLDFAST_REGION: "local", HOLDFAST_CONFIGURATION: text });

const digest = (usd: number): string =>
  toSettings(
    Configuration.parse({ version: 1, symbols: ["SPY"], limits: { maxPositionSizeUsd: usd } }),
    world,
  ).limitsDigest;

describe("the configuration", () => {
  it("reads back to the same value from its compact form", () => {
    fc.assert(
      fc.property(
        fc.record({
          usd: fc.integer({ min: 0, max: 10_000 }),
          tier: fc.constantFrom("base", "canary", "champion"),
          weight: fc.double({ min: -5, max: 5, noNaN: true }).filter((w) => !Object.is(w, -0)),
          beforeClose: fc.option(fc.integer({ min: 0, max: 60 })),
        }),
        ({ usd, tier, weight, beforeClose }) => {
          const configuration = Configuration.parse({
            version: 1,
            symbols: ["SPY", "BRK.B"],
            limits: { maxPositionSizeUsd: usd },
            scoring: { tier, weights: { options_flow: weight } },
            exit: { beforeCloseMinutes: beforeClose },
          });
          expect(Configuration.parse(JSON.parse(compactConfiguration(configuration)))).toEqual(
            configuration,
          );
        },
      ),
    );
  });

  it("of this repository is valid, and fits into a function's environment", () => {
    const parsed = parseConfiguration(readFileSync("holdfast.yaml", "utf8"), {});
    expect(parsed.ok && compactConfiguration(parsed.value).length).toBeLessThan(2_560);
    expect(parsed.ok && toSettings(parsed.value, world)).toEqual(
      parsed.ok &&
        toSettings(Configuration.parse({ version: 1, symbols: parsed.value.symbols }), world),
    );
  });

  it("has the domain's own defaults where nothing is written", () => {
    const settings = toSettings(Configuration.parse({ version: 1, symbols: ["SPY"] }), world);
    expect(settings.limits).toEqual(DEFAULT_LIMITS);
    expect(settings.entry).toEqual(DEFAULT_ENTRY_POLICY);
    expect(settings.exit).toEqual(DEFAULT_EXIT_POLICY);
    expect(settings.gate).toEqual(DEFAULT_GATE_POLICY);
    expect(settings.weights).toEqual(DEFAULT_WEIGHTS);
    expect(settings.validation).toEqual(DEFAULT_VALIDATION_POLICY);
  });

  it("names the line of a key that nobody knows", () => {
    expect(
      problemsOf(`${MINIMAL}limits:\n  maxPositionSizeUsd: 1\n  maxPositionSise: 2\n`),
    ).toEqual(["holdfast.yaml:5: limits.maxPositionSise: This key is not known."]);
  });

  it("names every problem with its line and repeats no value", () => {
    const problems = problemsOf(
      "version: 1\nsymbols: [SPY, secret!]\nlimits:\n  maxInFlight: 900\n",
    );
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatch(/^holdfast\.yaml:2: symbols\.1: /);
    expect(problems[1]).toMatch(/^holdfast\.yaml:4: limits\.maxInFlight: /);
    expect(problems.join()).not.toMatch(/secret|900/);
  });

  it("says so when there is nothing in the file", () => {
    for (const text of ["", "# nothing yet\n"]) {
      expect(problemsOf(text)).toEqual([
        "holdfast.yaml:1: There is no configuration in this file.",
      ]);
    }
  });

  it("names the line of what is not YAML", () => {
    expect(problemsOf("version: 1\nsymbols: [SPY\n")[0]).toMatch(
      /^holdfast\.yaml:\d: This is not YAML: [a-z ]+\.$/,
    );
    expect(problemsOf("a: &a [*a, *b]\n")).not.toEqual([]);
  });

  it("has the environment's limits above the file's", () => {
    const parsed = parseConfiguration(`${MINIMAL}limits: { maxPositionSizeUsd: 10 }\n`, {
      MAX_POSITION_SIZE_USD: "750.50",
      MIN_COOLDOWN_MINUTES: "0",
    });
    expect(parsed.ok && parsed.value.limits.maxPositionSizeUsd).toBe(750.5);
    expect(parsed.ok && parsed.value.limits.minCooldownMinutes).toBe(0);
  });

  it("refuses a limit in the environment that is empty, malformed or out of bounds", () => {
    for (const text of ["", " ", "abc", "-1", "1e9", "NaN"]) {
      expect(problemsOf(MINIMAL, { MAX_POSITION_SIZE_USD: text })).toEqual([
        "environment: MAX_POSITION_SIZE_USD: A decimal number is needed.",
      ]);
    }
    expect(problemsOf(MINIMAL, { MAX_PORTFOLIO_EXPOSURE_PCT: "101" })[0]).toMatch(
      /^environment: MAX_PORTFOLIO_EXPOSURE_PCT: /,
    );
  });

  it("in a function's environment is refused by the names of its keys, never by values", () => {
    expect(() =>
      read('{"version":1,"symbols":["SPY"],"limits":{"maxInFlight":"hunter2"}}'),
    ).toThrow("The environment is not valid; look at: HOLDFAST_CONFIGURATION.limits.maxInFlight.");
    expect(() => read("hunter2")).toThrow(/look at: HOLDFAST_CONFIGURATION\.$/);
  });

  it("gives other limits another digest, and equal limits the same", () => {
    expect(digest(500)).toBe(digest(500));
    expect(digest(500)).not.toBe(digest(501));
  });
});
