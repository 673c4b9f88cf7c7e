import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PLANTS } from "../../../simulation/plants/plants.ts";

const ROOT = new URL("../../../", import.meta.url);

const textOf = (path: string): string => readFileSync(new URL(path, ROOT), "utf8");

/** Every TypeScript file below a folder, from the project's root. */
const filesBelow = (folder: string): readonly string[] =>
  readdirSync(new URL(folder, ROOT), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => `${folder}/${path}`);

/** Imported in any way: by name, for its effects, or while it runs. */
const IMPORTED = /(?:from|import)\s*\(?\s*["'`][^"'`]*simulation\//;

describe("the plants", () => {
  it("are fifteen at least, each of its own name", () => {
    const names = PLANTS.map(({ name }) => name);
    expect(names.length).toBeGreaterThanOrEqual(15);
    expect(new Set(names).size).toBe(names.length);
  });

  for (const { name, file, find, replace } of PLANTS) {
    it(`${name}: its place is in the production file exactly once, and it changes it`, () => {
      expect(file).toMatch(/^(?:shared|lambdas)\//);
      expect(textOf(file).split(find)).toHaveLength(2);
      expect(replace).not.toBe(find);
    });
  }

  it("are reachable from no production file, nor is anything of the simulation", () => {
    const production = ["shared", "lambdas", "lib", "local"].flatMap(filesBelow);
    expect(production.length).toBeGreaterThan(100);
    for (const path of production) {
      expect.soft([path, IMPORTED.test(textOf(path))]).toEqual([path, false]);
    }
  });

  it("would be found wherever and however they were imported", () => {
    for (const [before, after] of [
      ['import { PLANTS } from "', '";'],
      ['import "', '";'],
      ['await import("', '");'],
      ["await import(`", "`);"],
    ]) {
      expect(IMPORTED.test(`${before}../../simulation/plants/plants.ts${after}`)).toBe(true);
    }
  });
});
