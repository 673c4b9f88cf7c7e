import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const page = readFileSync(resolve("bench/README.md"), "utf8");

describe("the page about the benchmarks", () => {
  it("says of each one what it measures", () => {
    const { stdout } = spawnSync(process.execPath, ["bench/run.ts", "--help"], {
      encoding: "utf8",
    });
    const names = /^Names: (.*)$/m.exec(stdout)?.[1]?.split(", ") ?? [];
    expect(names).toContain("replay");
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
