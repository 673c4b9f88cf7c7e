import type { RegionName, TwoRegions } from "./two-regions.ts";

/** What happens to the Region that trades, and when it is over. */
export type FailoverScenario = {
  /** The word that names it on the command line. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** Lets it happen; resolves when it has. */
  readonly strike: (world: TwoRegions, from: RegionName, to: RegionName) => Promise<void>;
};

/** Every scenario, in the order in which the drill shows them. */
export const FAILOVER_SCENARIOS: readonly FailoverScenario[] = [
  {
    name: "planned",
    summary: "An operator hands the account over while both Regions are well.",
    strike: async (world, from, to) => {
      const wish = { to, reason: `A drill from ${from}.`, by: "drill", isPlanned: true };
      await world.failOver(wish);
    },
  },
  {
    name: "region-loss",
    summary: "The Region that trades is gone at once, with all that it had in hand.",
    strike: async ({ regions }, from) => regions[from].gate.set("gone"),
  },
  {
    name: "partition",
    summary: "The Region that trades loses the ledger; broker and vendors still answer it.",
    strike: async ({ regions }, from) => regions[from].gate.set("cutOff"),
  },
  {
    name: "zombie",
    summary: "The Region that trades stands still, and goes on in mid-sentence after the takeover.",
    strike: async ({ regions }, from) => regions[from].gate.set("frozen"),
  },
  {
    name: "ack-lost",
    summary: "The Region is gone, and the answer to the write that takes over is lost.",
    strike: async ({ regions }, from, to) => {
      regions[to].gate.loseNextTakeover();
      regions[from].gate.set("gone");
    },
  },
  {
    name: "mid-order",
    summary: "The Region is gone between the broker's taking an order and its own knowing of it.",
    strike: async ({ regions }, from) => regions[from].gate.goneAfterNextOrder(),
  },
];
