import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createHostClock } from "../../../shared/adapters/host/clock.ts";
import { createLockedFiles } from "../../../shared/adapters/host/locked-files.ts";
import { openDatabase } from "../../../shared/adapters/sqlite/database.ts";
import { createSqliteItemStore } from "../../../shared/adapters/sqlite/item-store.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";
import { describeAudit } from "../../contracts/audit.ts";
import { describeLockedStore } from "../../contracts/locked-store.ts";

const directory = mkdtempSync(join(tmpdir(), "holdfast-locked-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describeLockedStore("locked files", async () => createLockedFiles(join(directory, "new", "deep")), {
  runs: 30,
});

describeAudit(
  "SQLite and file audit",
  async () => {
    const opened = openDatabase(":memory:");
    if (!opened.ok) throw new Error(opened.error.detail);
    afterAll(() => opened.value.close());
    return {
      items: createSqliteItemStore(opened.value, createHostClock()),
      east: createLockedFiles(join(directory, "east")),
      west: createLockedFiles(join(directory, "west")),
      tamper: async (region, key, body) => {
        const path = join(directory, region, key);
        rmSync(path, { force: true });
        if (body !== undefined) writeFileSync(path, body);
      },
    };
  },
  { runs: 25 },
);

describe("a locked directory", () => {
  it("outlives the store, shows nothing half written, and holds files that are read only", async () => {
    const place = join(directory, "restart");
    await createLockedFiles(place).create("audit/main/1.json", "{}");
    writeFileSync(join(place, "audit", "main", ".9.partial"), "half");
    const again = createLockedFiles(place);
    expect(await again.list("audit/", undefined, 10)).toEqual(["audit/main/1.json"]);
    expect(await again.create("audit/main/1.json", "other")).toEqual({
      type: "exists",
      body: "{}",
    });
    expect(statSync(join(place, "audit", "main", "1.json")).mode & 0o222).toBe(0);
    // What was written aside is gone.
    expect(readdirSync(place)).toEqual(["audit"]);
  });

  it("that cannot be written is a fault that may pass, named without its content", async () => {
    const file = join(directory, "a-file");
    writeFileSync(file, "");
    const writing = createLockedFiles(file).create("a", "secret");
    await expect(writing).rejects.toThrow(RetryableError);
    await expect(writing).rejects.not.toThrow(/secret/);
  });
});
