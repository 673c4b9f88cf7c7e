import { spawnSync } from "node:child_process";

/** One gate of `npm run check`: a name to report and the command that decides it. */
type Gate = { readonly name: string; readonly command: string; readonly args: readonly string[] };

const gates: readonly Gate[] = [
  { name: "format", command: "oxfmt", args: ["--check"] },
  { name: "types", command: "tsc", args: ["--noEmit"] },
  { name: "types (dashboard)", command: "tsc", args: ["--noEmit", "-p", "dashboard"] },
  { name: "lint", command: "oxlint", args: ["--type-aware", "--deny-warnings"] },
  { name: "dead code", command: "knip", args: ["--no-progress"] },
];

const failed = gates.filter((gate) => {
  const run = spawnSync(gate.command, gate.args, { encoding: "utf8" });
  const ok = run.status === 0;
  process.stdout.write(`${ok ? "ok    " : "FAILED"} ${gate.name}\n`);
  if (!ok) process.stdout.write(`${run.stdout}${run.stderr}\n`);
  return !ok;
});
process.exitCode = failed.length === 0 ? 0 : 2;
