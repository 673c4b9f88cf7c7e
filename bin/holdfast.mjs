#!/usr/bin/env node
// Plain JavaScript: what strips types off TypeScript takes 60 ms to load, and
// is needed for none of the files behind this one once they were compiled.
import module from "node:module";

if (Number.parseInt(process.versions.node, 10) < 24) {
  console.error(
    `Holdfast runs on Node 24 or newer, and this is ${process.versions.node}: ` +
      "use `npm run holdfast -- <verb>`, which brings its own.",
  );
  process.exit(2);
}
// What was compiled once is not compiled again: help appears in half the time.
module.enableCompileCache();
const { main } = await import("./main.ts");
process.exitCode = await main();
// A verb that failed may leave something open; it must not keep the shell waiting.
setTimeout(() => process.exit(), 1_000).unref();
