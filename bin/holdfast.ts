#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// What was compiled once is not compiled again: help appears in half the time.
enableCompileCache();
const { main } = await import("./main.ts");
process.exitCode = await main();
