import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { RetryableError } from "../../../shared/domain/fault.ts";
import { createFileArchive } from "../../../shared/adapters/host/file-archive.ts";
import { describeArchive } from "../../contracts/archive.ts";

const directory = mkdtempSync(join(tmpdir(), "holdfast-archive-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describeArchive("file archive", async () => createFileArchive(join(directory, "new", "deep")), {
  runs: 50,
});

describe("a file archive's directory", () => {
  it("outlives the archive, and shows no file that was left half written", async () => {
    const place = join(directory, "restart");
    await createFileArchive(place).write("ticks/2026-01-15.jsonl", "1\n");
    writeFileSync(join(place, ".9.partial"), "half");
    const again = createFileArchive(place);
    expect(await again.list("", 10)).toEqual(["ticks/2026-01-15.jsonl"]);
    expect(await again.read("ticks/2026-01-15.jsonl")).toBe("1\n");
    expect(readdirSync(place)).toContain("ticks%2F2026-01-15.jsonl");
  });

  it("that cannot be written is a fault that may pass, named without its content", async () => {
    const file = join(directory, "a-file");
    writeFileSync(file, "");
    const writing = createFileArchive(file).write("a", "secret");
    await expect(writing).rejects.toThrow(RetryableError);
    await expect(writing).rejects.not.toThrow(/secret/);
  });
});
