import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeDirectory } from "../../../shared/adapters/host/make-directory.ts";
import { temporaryDirectory } from "../sqlite/temporary-database.ts";

describe("making a directory", () => {
  it("makes those above it too, and does nothing where it is there", () => {
    const path = join(temporaryDirectory(), "a", "b", "c");
    makeDirectory(path);
    makeDirectory(path);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it("makes nothing below a file", () => {
    expect(() => makeDirectory(join(import.meta.filename, "below"))).toThrow("ENOTDIR");
  });

  it.skipIf(!existsSync("/proc/self"))("fails, and ends, where the parent takes nothing", () => {
    expect(() => makeDirectory("/proc/none/below")).toThrow("/proc/none");
  });
});
