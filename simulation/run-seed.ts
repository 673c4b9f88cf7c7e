import { createCoverage } from "./coverage/create-coverage.ts";
import { createInvariants } from "./invariants/create-invariants.ts";
import { runWorld } from "./run-world.ts";
import type { SeedOptions, SeedResult } from "./seed-run.ts";

/** Runs a seed's world and holds it against every invariant, counting what it came across. */
export const runSeed = (options: SeedOptions): Promise<SeedResult> =>
  runWorld(options, { createInvariants, createCoverage });
