// Runs before every npm script, on whatever Node the machine has (20 or newer): installs the
// locked dependencies, Node 24 among them, when they are missing or older than the lockfile.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const lock = readFileSync("package-lock.json", "utf8");
const stamp = "node_modules/.holdfast-installed";
const installed = existsSync(stamp) ? readFileSync(stamp, "utf8") : "";

if (installed !== lock) {
  console.error("Installing dependencies (once; about a minute)...");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  // Not `npm ci`: it refuses a lockfile that lacks the optional binaries of other platforms, which
  // not every registry mirror carries. This installs the locked versions and writes no lockfile.
  const args = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  const run = spawnSync(npm, args, {
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (run.status !== 0) {
    console.error("npm install failed; see the lines above. Run it by hand and try again.");
    process.exit(2);
  }
  writeFileSync(stamp, lock);
}
