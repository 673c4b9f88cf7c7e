import { pickVendors } from "../../domain/market/pick-vendors.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import type { ValidationPolicy } from "../../domain/market/check-quote.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Timers } from "../../ports/timers.ts";
import { within } from "../calls/within.ts";
import type { AskResult, GatewayVendor } from "./gateway-vendor.ts";
import { type Knowledge, knowledgeOf, type KnownVendors } from "./vendor-knowledge.ts";

/** What came of looking whether a vendor is well that the poll itself did not need. */
export type ReserveLook = {
  readonly vendor: GatewayVendor;
  readonly result: AskResult;
  readonly latencyMs: number;
};

/** What looking needs. */
export type LookDeps = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly validation: Pick<ValidationPolicy, "vendorsToAgree">;
  /** A vendor that was not asked for so long is looked at; Infinity: only one that is not well. */
  readonly lookEveryMs: number;
};

/** One request, whatever it brings, ends after so long: the poll waits for it. */
const LOOK_MS = 400;
const GRACE_MS = 20;
/** One request of a vendor that takes many; more than one, since a single symbol may be odd. */
const SYMBOLS_MAX = 5;

/**
 * Asks vendors that stand in reserve for one request each, beside the poll: the first time, every
 * now and then, and in every poll while something is wrong with them. So a breaker of a vendor that
 * nobody needs gets its probes, a contract that changed is noticed before it matters, and whoever
 * takes over is known to be well. An open breaker refuses, which costs nothing.
 */
export const lookAtReserves = async (
  deps: LookDeps,
  known: KnownVendors,
  poll: {
    /** The preferred one first. */
    readonly vendors: readonly GatewayVendor[];
    readonly symbols: readonly Ticker[];
    readonly symbolsMaxOf: (vendor: GatewayVendor) => number;
    readonly deadlineMs: number;
  },
): Promise<readonly ReserveLook[]> => {
  const nowMs = deps.clock.monotonicMs();
  const due = poll.vendors.filter((vendor) => isDue(deps, knowledgeOf(known, vendor), vendor));
  if (due.length === 0 || poll.symbols.length === 0) return [];
  const asked = new Set(firstAsked(deps, poll));
  const deadlineMs = Math.min(poll.deadlineMs, nowMs + LOOK_MS);
  const looks = due
    .filter((vendor) => !asked.has(vendor.vendor) && knowledgeOf(known, vendor).quota.left() > 0)
    .map(async (vendor) => {
      const symbols = poll.symbols.slice(0, Math.min(SYMBOLS_MAX, vendor.symbolsPerRequest));
      const asking = vendor.ask(symbols, { deadlineMs });
      // Its deadline ends it; the poll does not rely on that.
      const result = await within(deps.timers, deadlineMs - nowMs + GRACE_MS, asking);
      const latencyMs = deps.clock.monotonicMs() - nowMs;
      return result === undefined ? [] : [{ vendor, result, latencyMs }];
    });
  return (await Promise.all(looks)).flat();
};

const isDue = (
  { clock, lookEveryMs }: LookDeps,
  { askedAtMs, trouble }: Knowledge,
  { isWell }: GatewayVendor,
): boolean =>
  trouble !== undefined || isWell?.() === false || clock.monotonicMs() - askedAtMs > lookEveryMs;

/** Whom the poll asks by itself, before it knows anything. */
const firstAsked = (
  { validation }: LookDeps,
  { vendors, symbols, symbolsMaxOf }: Parameters<typeof lookAtReserves>[2],
): readonly string[] => {
  const nobody = new Set<string>();
  return pickVendors(
    symbols.map((symbol) => ({ symbol, heard: nobody, awaited: nobody })),
    vendors.map((vendor) => ({
      vendor: vendor.vendor,
      origin: vendor.origin,
      symbolsMax: symbolsMaxOf(vendor),
    })),
    validation.vendorsToAgree,
  ).map(({ vendor }) => vendor);
};
