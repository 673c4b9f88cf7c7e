import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const oxlint = resolve("node_modules/.bin/oxlint");
let directory = "";

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "holdfast-lint-"));
  copyFileSync(".oxlintrc.json", join(directory, ".oxlintrc.json"));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** What the linter says of a file at this place with this text. */
const lint = (path: string, text: string): string => {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const run = spawnSync(oxlint, ["--deny-warnings", path], { cwd: directory, encoding: "utf8" });
  rmSync(file);
  return run.status === 0 ? "clean" : run.stdout;
};

const uses = (module: string): string =>
  `import { port } from "${module}";\n\nexport const used = port;\n`;

describe("the linter", () => {
  it.each([
    ["shared/domain/risk/bad.ts", "../../ports/ledger.ts"],
    ["shared/domain/risk/bad.ts", "../../adapters/alpaca/broker.ts"],
    ["shared/domain/risk/bad.ts", "node:fs"],
    ["shared/domain/risk/bad.ts", "zod"],
    ["shared/ports/bad.ts", "../use-cases/execute-order.ts"],
    ["shared/use-cases/bad.ts", "../adapters/memory/item-store.ts"],
    ["shared/use-cases/bad.ts", "../runtime/configuration.ts"],
    ["shared/adapters/sqlite/bad.ts", "../../../lambdas/notify/handler.ts"],
    ["shared/adapters/sqlite/bad.ts", "@aws-lambda-powertools/logger"],
    ["local/world/bad.ts", "@middy/core"],
    ["shared/runtime/bad.ts", "../../local/functions.ts"],
    ["lambdas/notify/bad.ts", "@middy/core"],
    ["lambdas/notify/bad.ts", "../../local/functions.ts"],
  ])("refuses that %s imports %s", (path, module) => {
    expect(lint(path, uses(module))).toContain("no-restricted-imports");
  });

  it.each([
    ["shared/domain/risk/good.ts", "../market/price.ts"],
    ["shared/ports/good.ts", "../domain/result.ts"],
    ["shared/use-cases/good.ts", "../ports/ledger.ts"],
    ["shared/adapters/sqlite/good.ts", "../../ports/ledger.ts"],
    ["lambdas/notify/good.ts", "../../shared/runtime/task-handler.ts"],
  ])("allows that %s imports %s", (path, module) => {
    expect(lint(path, uses(module))).toBe("clean");
  });

  it.each(["Date.now()", "Math.random()", "process.env", "crypto.randomUUID()"])(
    "refuses %s outside of the one place that may use it",
    (ambient) => {
      const text = `export const ambient = (): unknown => ${ambient};\n`;
      expect(lint("shared/use-cases/bad.ts", text)).toContain("no-restricted-properties");
      expect(lint("shared/adapters/host/good.ts", text)).toBe("clean");
    },
  );
});
