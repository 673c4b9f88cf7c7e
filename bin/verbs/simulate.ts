import type { Verb } from "../verb.ts";

/** Runs the deterministic simulation: the functions that trade, in virtual time, under faults. */
export const simulate: Verb = {
  name: "simulate",
  summary:
    "Run the functions that trade in simulated worlds full of faults, and check every event.",
  options: [
    { flags: "--seeds <n>", description: "how many worlds, 1 to 1000000 (100, or 500 a plant)" },
    { flags: "--seed <s>", description: "the first seed; alone, the only one" },
    {
      flags: "--days <d>",
      description: "trading days a world, 0.05 to 20; 0.17 is about an hour",
      default: "0.17",
    },
    {
      flags: "--mode <mode>",
      description: "safety: faults all the time; liveness: they stop, and the world must recover",
      default: "safety",
      choices: ["safety", "liveness"],
    },
    {
      flags: "--faults <list>",
      description: "only these kinds, each seed with all of them; `--faults list` explains them",
    },
    {
      flags: "--only-faults <numbers>",
      description: "with --seed: of its faults only those of these numbers, or none",
    },
    {
      flags: "--plants",
      description: "plant known bugs one by one, and demand that each is found",
    },
    {
      flags: "--config <file>",
      description: "your strategy and limits instead of settings drawn from the seed",
    },
    { flags: "--workers <n>", description: "threads; as many as there are cores by default" },
  ],
  examples: [
    "simulate",
    "simulate --seeds 2000 --json",
    "simulate --seed 717 --mode liveness",
    "simulate --seeds 500 --config holdfast.yaml",
    "simulate --plants",
  ],
  run: async (input, context) =>
    (await import("../simulate/run-simulate.ts")).runSimulate(input, context),
};
