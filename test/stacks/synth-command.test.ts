import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const synth = (...args: readonly string[]) =>
  spawnSync(process.execPath, ["scripts/synth.ts", ...args], { cwd: root, encoding: "utf8" });

describe("npm run synth", () => {
  it("explains itself", () => {
    const { status, stdout } = synth("--help");
    expect(status).toBe(0);
    expect(stdout).toContain("-c, --context name=value");
  });

  it.each([
    [["--regions", "us-east-2"], "--regions"],
    [["-c", "regions"], 'name=value, not "regions"'],
    [["us-east-2"], "us-east-2"],
    [["-c", "nosuch=1"], "no context value nosuch"],
    [["-c", "mode=live"], "context mode"],
  ])("refuses %j before it builds anything", (args, message) => {
    const { status, stderr } = synth(...args);
    expect(status).toBe(64);
    expect(stderr).toContain(message);
  });

  it("removes nothing that it did not make", () => {
    const directory = mkdtempSync(join(tmpdir(), "holdfast-synth-"));
    try {
      const file = join(directory, "notes.txt");
      writeFileSync(file, "mine");
      for (const output of [directory, file]) {
        const { status, stderr } = synth("--output", output);
        expect(status).toBe(64);
        expect(stderr).toContain(output);
      }
      expect(readFileSync(file, "utf8")).toBe("mine");
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
