import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createLockedFiles } from "../../shared/adapters/host/locked-files.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import { createStoredAuditRecords } from "../../shared/adapters/stored/audit-records.ts";
import {
  CHAIN_START,
  linkRecord,
  type AuditRecord,
} from "../../shared/domain/audit/audit-record.ts";
import { recordKey } from "../../shared/domain/audit/checkpoint.ts";

const PAGE = readFileSync(new URL("../../docs/audit.md", import.meta.url), "utf8");
const program = /```python\n(?<text>[\s\S]*?)```/.exec(PAGE)?.groups?.["text"] ?? "";
const hasPython = spawnSync("python3", ["--version"]).status === 0;

const directory = mkdtempSync(join(tmpdir(), "holdfast-audit-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const run = () => {
  const { status, stdout, stderr } = spawnSync(
    "python3",
    ["-c", program, join(directory, "audit", "main")],
    { encoding: "utf8" },
  );
  return { status, said: `${stdout}${stderr}`.trim() };
};

describe("the page about the audit", () => {
  it.skipIf(!hasPython)(
    "verifies with its own lines of Python what we wrote (skipped without python3)",
    async () => {
      const records = createStoredAuditRecords({
        account: "main",
        own: createLockedFiles(directory),
      });
      let last: AuditRecord | undefined;
      for (const reason of [
        "plain",
        'a "quoted" é \u{1f600}',
        "tab\tand\\slash",
        "\u2028 \u007f",
      ]) {
        const linked = linkRecord(
          last ?? CHAIN_START,
          {
            kind: "halt",
            actor: "ada",
            epoch: 4,
            body: { reason, nested: [{ b: -7, a: null, Z: true }], big: 9_007_199_254_740_991 },
          },
          { account: "main", region: "us-east-2", atMs: 1_768_489_200_000.75 },
          sha256,
        );
        if (!linked.ok) throw new Error("A record fits.");
        last = linked.value;
        await records.keep(last);
      }
      expect(run()).toEqual({ status: 0, said: `4 ${last?.hash}` });

      const path = join(directory, recordKey("main", 3));
      const text = readFileSync(path, "utf8");
      rmSync(path);
      writeFileSync(path, text.replace("slash", "other"));
      const { status, said } = run();
      expect(status).toBe(1);
      expect(said).toContain("000000000003.json does not hold");
    },
  );
});
