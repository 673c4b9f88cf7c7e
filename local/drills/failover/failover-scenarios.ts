import type { RegionName, TwoRegions } from "./two-regions.ts";

/** What happens to the Region that trades, and when it is over. */
export type FailoverScenario = {
  /** The word that names it on the command line. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** Lets it happen; resolves when it has begun, with what else has to end. */
  readonly strike: (struck: Strike) => Promise<{ readonly ended: Promise<unknown> }>;
};

/** Where it happens. */
export type Strike = {
  readonly world: TwoRegions;
  readonly from: RegionName;
  readonly to: RegionName;
  /** Waits for something, within the drill's bound. */
  readonly until: (isThere: () => boolean) => Promise<boolean>;
};

const AT_ONCE = { ended: Promise.resolve() };

/** Every scenario, in the order in which the drill shows them. */
export const FAILOVER_SCENARIOS: readonly FailoverScenario[] = [
  {
    name: "planned",
    summary: "An operator hands the account over while both Regions are well.",
    strike: async ({ world, from, to }) => {
      const wish = { to, reason: `A drill from ${from}.`, by: "drill", isPlanned: true };
      return { ended: world.failOver(wish) };
    },
  },
  {
    name: "region-loss",
    summary: "The Region that trades is gone at once, with all that it had in hand.",
    strike: async ({ world, from }) => {
      world.regions[from].gate.set("gone");
      return AT_ONCE;
    },
  },
  {
    name: "partition",
    summary: "The Region that trades loses the ledger; broker and vendors still answer it.",
    strike: async ({ world, from }) => {
      world.regions[from].gate.set("cutOff");
      return AT_ONCE;
    },
  },
  {
    name: "zombie",
    summary: "The Region that trades stands still, and goes on in mid-sentence after the takeover.",
    strike: async ({ world, from }) => {
      world.regions[from].gate.set("frozen");
      return AT_ONCE;
    },
  },
  {
    name: "ack-lost",
    summary: "The Region is gone, and the answer to the write that takes over is lost.",
    strike: async ({ world, from, to }) => {
      world.regions[to].gate.loseNextTakeover();
      world.regions[from].gate.set("gone");
      return AT_ONCE;
    },
  },
  {
    name: "mid-order",
    summary: "The Region is gone between the broker's taking an order and its own knowing of it.",
    strike: async ({ world, from, until }) => {
      const { gate } = world.regions[from];
      gate.goneAfterNextOrder();
      await until(() => gate.state() === "gone");
      return AT_ONCE;
    },
  },
];
