import type { InjectedFault } from "../faults/fault-kind.ts";

/** What goes wrong where exits are made and sent. */
export type WayOfExits = {
  /** Something goes wrong in a Region, or everywhere, until a moment. */
  readonly fails: (untilMs: number, region?: string) => void;
  readonly strikes: (fault: InjectedFault, atMs: number) => void;
  /** A Region reaches everything again. */
  readonly heals: (region: string, atMs: number) => void;
  /** Nothing goes wrong any more. */
  readonly isWell: (atMs: number) => void;
  /** Since when nothing goes wrong on the way that concerns a Region. */
  readonly quietSinceMs: (region: string) => number;
};

/** What has to work for an exit to be made and sent, as places of faults name it. */
const ON_THE_WAY = new Set([
  "trading-cycle",
  "open-cycle",
  "poll-market-data",
  "market-data",
  "event",
  "score-signals",
  "exits.fifo",
  "execute-orders",
  "reconcile-orders",
]);

const EVERYWHERE = "everywhere";

/** Follows what goes wrong on the way of exits; nothing has at first. */
export const createWayOfExits = (): WayOfExits => {
  const untilMs = new Map<string, number>();
  const fails: WayOfExits["fails"] = (moment, region = EVERYWHERE) => {
    untilMs.set(region, Math.max(moment, untilMs.get(region) ?? -Infinity));
  };
  return {
    fails,
    strikes: ({ kind, where }, atMs) => {
      const [region = "", place = ""] = where.split(" ");
      // From here on messages may wait for minutes at any time.
      if (kind === "market-data-backlog") fails(Infinity);
      else if (region === "mishap") fails(atMs);
      else if (ON_THE_WAY.has(place)) fails(atMs, region);
    },
    heals: (region, atMs) => {
      untilMs.set(region, atMs);
    },
    isWell: (atMs) => {
      untilMs.clear();
      fails(atMs);
    },
    quietSinceMs: (region) =>
      Math.max(untilMs.get(region) ?? -Infinity, untilMs.get(EVERYWHERE) ?? -Infinity),
  };
};
