import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  configurationJsonSchema,
  SCHEMA_FILE,
} from "../../shared/runtime/configuration-json-schema.ts";

const schema: unknown = JSON.parse(configurationJsonSchema());
const isValid = new Ajv2020({ strict: false }).compile(schema as object);
const shipped: unknown = parse(readFileSync("holdfast.yaml", "utf8"));

describe("the published JSON Schema", () => {
  it("is what the configuration is read by: `config schema > holdfast.schema.json` renews it", () => {
    expect(readFileSync(SCHEMA_FILE, "utf8")).toBe(configurationJsonSchema());
  });

  it("takes the shipped file, which names it for editors", () => {
    expect(isValid(shipped)).toBe(true);
    const [first] = readFileSync("holdfast.yaml", "utf8").split("\n");
    expect(first).toBe(`# yaml-language-server: $schema=${SCHEMA_FILE}`);
  });

  it("refuses unknown keys and values beyond their bounds", () => {
    const file = shipped as { readonly limits: object };
    expect(isValid({ ...file, extra: 1 })).toBe(false);
    expect(isValid({ ...file, limits: { ...file.limits, maxDailyLossPct: 0 } })).toBe(false);
  });
});
