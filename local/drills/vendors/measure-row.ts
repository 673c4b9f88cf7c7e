import type { DataMode } from "../../../shared/domain/market/data-mode.ts";
import type { Settings } from "../../../shared/domain/settings.ts";
import type { Order } from "../../exchange/core/order.ts";
import type { OrderFaults } from "../../replay/order-witness.ts";
import { ownOrders } from "../compare-ledger.ts";
import type { PhaseTimes, VendorScene } from "./drill-vendor.ts";
import { countInTheDark, isWrong, judgeEntry, longestGap } from "./judge-quotes.ts";
import { isLost, type SeenPoll } from "./watch-vendors.ts";

/** What one fault of market data came to; seconds are the world's, milliseconds the host's. */
export type VendorRow = {
  readonly fault: string;
  readonly summary: string;
  /** How often it fired. */
  readonly struck: number;
  readonly polls: number;
  /** Polls under the fault in which somebody answered in the place of a vendor that did not. */
  readonly failovers: number;
  /** Without the time in which this process stood still: exchange and functions share it. */
  readonly failoverP50Ms: number | null;
  readonly failoverP99Ms: number | null;
  /** The same with it. The truth lies between: some stalls pass while a vendor takes its time. */
  readonly failoverP99WithStallsMs: number | null;
  /** null where nothing is promised. */
  readonly failoverMaxMs: number | null;
  /** Polls under the fault that nobody answered. */
  readonly darkPolls: number;
  /** Without quotes that an entry may rest on, at the symbol that had to wait longest. */
  readonly longestGapSeconds: number;
  readonly quotesUsed: number;
  readonly wrongPricesUsed: number;
  readonly entries: number;
  readonly exits: number;
  readonly entriesOnOneWord: number;
  /** Sent after a poll that nobody answered, and before the next one that somebody did. */
  readonly entriesInTheDark: number;
  /** Orders before the fault: it could trade. */
  readonly ordersBefore: number;
  readonly duplicates: number;
  readonly unguarded: number;
  /** Until every symbol had such a quote again; null if never. */
  readonly secondsToUsable: number | null;
  /** Until the vendor answered again and its breaker was closed; null if never. */
  readonly secondsToRecover: number | null;
  /** How long its breaker was still open when the fault ended, and time for its probes. */
  readonly recoverMaxSeconds: number;
  readonly dataModes: Readonly<Partial<Record<DataMode, number>>>;
  /** What is wrong with the row, a sentence each. */
  readonly faults: readonly string[];
  readonly ok: boolean;
};

/** Three probes, the ramp, a relapse of one cycle, and cycles that a busy machine skips. */
const PROBES_MS = 8 * 60_000;

/** Judges what was seen of a row against the exchange's own feed and book. */
export const measureRow = (
  scene: VendorScene,
  times: PhaseTimes,
  options: { readonly settings: Settings; readonly orders: OrderFaults },
): VendorRow => {
  const { plan, watch, world, modes } = scene;
  const { settings, orders } = options;
  const { armedAtMs, healedAtMs } = times;
  const isUnder = ({ atMs }: { readonly atMs: number }): boolean =>
    atMs > armedAtMs && atMs <= healedAtMs;
  const polls = watch.polls().filter(isUnder);
  const quotes = watch.quotes().filter(({ atMs }) => atMs > armedAtMs);
  const replaced = polls.filter((poll) => isFailover(scene, poll));
  const failovers = replaced.map(({ tookMs, stalledMs }) => Math.max(0, tookMs - stalledMs));
  const [before, placed] = partitionBy(ownOrders(world.exchange), armedAtMs);
  const entries = placed.filter((order) => legOf(order) === "entry");
  const verdicts = entries.map((order) => judgeEntry(world.feed, order, watch.quotes()));
  const endMs = times.usableAtMs ?? world.nowMs();
  const measured = {
    fault: plan.name,
    summary: plan.summary,
    struck: struckOf(scene, times, polls),
    polls: polls.length,
    failovers: failovers.length,
    failoverP50Ms: percentileOf(failovers, 0.5),
    failoverP99Ms: percentileOf(failovers, 0.99),
    failoverP99WithStallsMs: percentileOf(
      replaced.map(({ tookMs }) => tookMs),
      0.99,
    ),
    failoverMaxMs: plan.failoverMaxMs,
    darkPolls: polls.filter(({ hasAnswer }) => !hasAnswer).length,
    longestGapSeconds: Math.round(
      longestGap(settings.symbols, watch.quotes(), armedAtMs, endMs) / 1_000,
    ),
    quotesUsed: quotes.length,
    wrongPricesUsed:
      quotes.filter((one) => isWrong(world.feed, one, settings.validation.ageMaxMs)).length +
      verdicts.filter(({ isAtWrongPrice }) => isAtWrongPrice).length,
    entries: entries.length,
    exits: placed.filter((order) => legOf(order) === "exit").length,
    entriesOnOneWord: verdicts.filter(({ isOnOneWord }) => isOnOneWord).length,
    entriesInTheDark: countInTheDark(entries, watch.polls()),
    ordersBefore: before.length,
    duplicates: orders.duplicateOrders,
    unguarded: orders.unguardedOrders,
    secondsToUsable: secondsSince(healedAtMs, times.usableAtMs),
    secondsToRecover: secondsSince(healedAtMs, times.wellAtMs),
    recoverMaxSeconds: Math.round(
      (Math.max(0, times.openUntilMs - healedAtMs) + PROBES_MS) / 1_000,
    ),
    dataModes: countModes(modes),
  };
  const faults = faultsOf(measured, plan.hasOthers);
  return { ...measured, faults, ok: faults.length === 0 };
};

const partitionBy = (
  orders: readonly Order[],
  atMs: number,
): readonly [readonly Order[], readonly Order[]] => [
  orders.filter(({ createdAtMs }) => createdAtMs <= atMs),
  orders.filter(({ createdAtMs }) => createdAtMs > atMs),
];

const legOf = ({ clientOrderId }: Order): string | undefined => clientOrderId.split("_")[7];

/** Somebody else answered, and a vendor that is disturbed did not. */
const isFailover = ({ plan }: VendorScene, poll: SeenPoll): boolean =>
  poll.hasAnswer && plan.vendors.some((vendor) => isLost(poll, vendor));

/** A connection that is refused is seen by the one who asks alone. */
const struckOf = (
  { plan, world }: VendorScene,
  { strikesAtArming }: PhaseTimes,
  polls: readonly SeenPoll[],
): number => {
  if (plan.isShut) {
    return polls.filter(
      (poll) => !poll.hasAnswer || plan.vendors.some((vendor) => isLost(poll, vendor)),
    ).length;
  }
  const counts = world.faults.counts();
  return Math.min(
    ...plan.faults.map(({ name }) => (counts[name] ?? 0) - (strikesAtArming[name] ?? 0)),
  );
};

const percentileOf = (values: readonly number[], share: number): number | null => {
  const sorted = values.toSorted((left, right) => left - right);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return value === undefined ? null : Math.round(value * 10) / 10;
};

const secondsSince = (fromMs: number, atMs: number | null): number | null =>
  atMs === null ? null : Math.round((atMs - fromMs) / 1_000);

const countModes = (modes: readonly DataMode[]): Partial<Record<DataMode, number>> => {
  const counts: Partial<Record<DataMode, number>> = {};
  for (const mode of modes) counts[mode] = (counts[mode] ?? 0) + 1;
  return counts;
};

const faultsOf = (row: Omit<VendorRow, "faults" | "ok">, hasOthers: boolean): readonly string[] => {
  const { failoverMaxMs, failoverP99Ms, secondsToRecover, recoverMaxSeconds } = row;
  const checks: readonly (readonly [boolean, string])[] = [
    [row.struck > 0, "It never struck: nothing is proven."],
    [row.quotesUsed > 0, "No quote was seen: nothing is proven."],
    [
      (hasOthers ? row.entries + row.exits : row.ordersBefore) > 0,
      "Nothing was traded: nothing is proven.",
    ],
    [hasOthers || row.darkPolls > 0, "Somebody always answered: nothing is proven."],
    [
      hasOthers || (row.dataModes.cached ?? 0) + (row.dataModes.static ?? 0) > 0,
      "Nothing said that its quotes were not of now.",
    ],
    [
      failoverMaxMs === null || failoverP99Ms !== null,
      "Nobody had to stand in: failover is not measured.",
    ],
    [
      failoverMaxMs === null || failoverP99Ms === null || failoverP99Ms <= failoverMaxMs,
      `Failover took ${failoverP99Ms} ms (p99), more than ${failoverMaxMs} ms.`,
    ],
    [
      !hasOthers || row.darkPolls === 0,
      `${row.darkPolls} polls brought nothing, although others could have answered.`,
    ],
    [row.wrongPricesUsed === 0, `${row.wrongPricesUsed} prices that were used were wrong.`],
    [row.entriesOnOneWord === 0, `${row.entriesOnOneWord} entries rest on one vendor's word.`],
    [row.entriesInTheDark === 0, `${row.entriesInTheDark} entries were sent on dead data.`],
    [row.duplicates === 0, `${row.duplicates} orders were doubled.`],
    [row.unguarded === 0, `${row.unguarded} orders were not claimed.`],
    [row.secondsToUsable !== null, "Usable quotes of every symbol never came back."],
    [
      secondsToRecover !== null && secondsToRecover <= recoverMaxSeconds,
      secondsToRecover === null
        ? "The vendor was never well again."
        : `It was well again after ${secondsToRecover} s, later than ${recoverMaxSeconds} s.`,
    ],
  ];
  return checks.flatMap(([isFine, sentence]) => (isFine ? [] : [sentence]));
};
