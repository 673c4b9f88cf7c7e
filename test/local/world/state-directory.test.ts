import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openStateDirectory } from "../../../local/world/state-directory.ts";
import { readWorldFile, writeWorldFile } from "../../../local/world/world-file.ts";

const directories: string[] = [];
const makeDirectory = (): string => {
  const path = mkdtempSync(join(tmpdir(), "holdfast-state-"));
  directories.push(path);
  return path;
};
afterEach(() => {
  for (const path of directories.splice(0)) rmSync(path, { recursive: true, force: true });
});

const open = (path: string, isFresh = false) =>
  openStateDirectory({ path, isFresh, hostMs: Date.UTC(2026, 10, 22, 1, 2, 3) });

describe("the state directory", () => {
  it("keeps a second world out with a sentence, fresh or not", () => {
    const path = makeDirectory();
    const first = open(path);
    if (!first.ok) throw new Error(first.error.sentence);
    for (const second of [open(path), open(path, true)]) {
      expect(second).toMatchObject({ ok: false, error: { type: "StateRefused" } });
      if (!second.ok) expect(second.error.sentence).toContain("in use");
    }
    first.value.store.close();
    const third = open(path);
    expect(third.ok).toBe(true);
    if (third.ok) third.value.store.close();
  });

  it("refuses a damaged store by its path and leaves every byte of it", () => {
    const path = makeDirectory();
    const file = join(path, "holdfast.db");
    const damaged = "This is no database.".repeat(200);
    writeFileSync(file, damaged);
    const opened = open(path);
    expect(opened.ok).toBe(false);
    if (!opened.ok) expect(opened.error.sentence).toContain(file);
    expect(readFileSync(file, "utf8")).toBe(damaged);
  });

  it("refuses a path that is a file, or below one, by its name", () => {
    const file = join(makeDirectory(), "file");
    writeFileSync(file, "not a folder");
    for (const path of [file, join(file, "below")]) {
      const opened = open(path);
      expect(opened.ok).toBe(false);
      if (!opened.ok) expect(opened.error.sentence).toContain(`The state directory ${path}`);
    }
    expect(readFileSync(file, "utf8")).toBe("not a folder");
  });

  it("refuses an exchange whose record is missing, as the world's time could go back", () => {
    const path = makeDirectory();
    const file = join(path, "exchange.db");
    writeFileSync(file, "what the broker remembers");
    const opened = open(path);
    expect(opened.ok).toBe(false);
    if (!opened.ok) expect(opened.error.sentence).toContain(join(path, "world.json"));
    expect(readFileSync(file, "utf8")).toBe("what the broker remembers");
    const fresh = open(path, true);
    expect(fresh.ok).toBe(true);
    if (fresh.ok) fresh.value.store.close();
  });

  it("moves even a damaged store aside when asked to begin anew, and deletes nothing", () => {
    const path = makeDirectory();
    writeFileSync(join(path, "holdfast.db"), "damaged");
    writeFileSync(join(path, "world.json"), "also damaged");
    const folders = ["archive", "backups", "locked", "temporary"];
    for (const name of folders) mkdirSync(join(path, name));
    writeFileSync(join(path, "locked", "1"), "sealed by another world");
    writeFileSync(join(path, "policy-key"), "the key of this place");
    const opened = open(path, true);
    if (!opened.ok) throw new Error(opened.error.sentence);
    const { movedAsideTo, store } = opened.value;
    expect(movedAsideTo).toBe(join(path, "before-2026-11-22T01-02-03-000Z"));
    expect(readFileSync(join(movedAsideTo ?? "", "holdfast.db"), "utf8")).toBe("damaged");
    expect(readFileSync(join(movedAsideTo ?? "", "world.json"), "utf8")).toBe("also damaged");
    // A seal of another world would break the chain of this one.
    for (const name of folders) expect(existsSync(join(path, name))).toBe(false);
    const sealed = join(movedAsideTo ?? "", "locked", "1");
    expect(readFileSync(sealed, "utf8")).toBe("sealed by another world");
    expect(readFileSync(join(path, "policy-key"), "utf8")).toBe("the key of this place");
    store.close();
  });

  it.each(["archive", "backups", "locked", "temporary"])(
    "leaves somebody's folder %s where no file is a world's",
    (name) => {
      const path = makeDirectory();
      mkdirSync(join(path, name));
      writeFileSync(join(path, name, "thesis.txt"), "written by a person");
      const opened = open(path, true);
      if (!opened.ok) throw new Error(opened.error.sentence);
      opened.value.store.close();
      expect(opened.value.movedAsideTo).toBeUndefined();
      expect(readFileSync(join(path, name, "thesis.txt"), "utf8")).toBe("written by a person");
    },
  );

  it.each(["world.json", "holdfast.db", "exchange.db-wal", "policy-key", "process.json"])(
    "moves the folders of a world of which %s is left",
    (file) => {
      const path = makeDirectory();
      mkdirSync(join(path, "archive"));
      writeFileSync(join(path, file), "left");
      const opened = open(path, true);
      if (!opened.ok) throw new Error(opened.error.sentence);
      opened.value.store.close();
      expect(existsSync(join(opened.value.movedAsideTo ?? path, "archive"))).toBe(true);
      expect(existsSync(join(path, "archive"))).toBe(false);
    },
  );
});

describe("the world's record", () => {
  it("is read as it was written", () => {
    const file = join(makeDirectory(), "world.json");
    const record = { version: 1, seed: 7, data: null, symbols: ["SPY"], timeMs: 1.5 } as const;
    expect(readWorldFile(file)).toEqual({ ok: true, value: undefined });
    writeWorldFile(file, record);
    expect(readWorldFile(file)).toEqual({ ok: true, value: record });
  });

  it.each(["", "{", '{"version":2}', '{"version":1,"seed":1}'])(
    "is refused when it reads %j, and left as it is",
    (text) => {
      const file = join(makeDirectory(), "world.json");
      writeFileSync(file, text);
      const read = readWorldFile(file);
      expect(read.ok).toBe(false);
      if (!read.ok) expect(read.error.sentence).toContain(file);
      expect(readFileSync(file, "utf8")).toBe(text);
    },
  );
});
