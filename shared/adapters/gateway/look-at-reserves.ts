import type { Ticker } from "../../domain/market/ticker.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Timers } from "../../ports/timers.ts";
import { within } from "../calls/within.ts";
import type { AskResult, GatewayVendor } from "./gateway-vendor.ts";
import { type Knowledge, knowledgeOf, type KnownVendors } from "./vendor-knowledge.ts";

/** What came of looking whether a vendor is well that no poll needed. */
export type ReserveLook = {
  readonly vendor: GatewayVendor;
  readonly result: AskResult;
  readonly latencyMs: number;
};

/** What looking needs. */
export type LookDeps = {
  readonly clock: Clock;
  readonly timers: Timers;
  /** A vendor that was not asked for so long is looked at; Infinity: only one that is not well. */
  readonly lookEveryMs: number;
};

/**
 * One request, whatever it brings, ends after so long. Nobody waits for its answer, and a first
 * connection over a long way may take its time: a vendor is not to be called ill for that.
 */
const LOOK_MS = 1_500;
const GRACE_MS = 20;
/** One request of a vendor that takes many; more than one, since a single symbol may be odd. */
const SYMBOLS_MAX = 5;

/**
 * Asks vendors that stand in reserve for one request each: the first time, every now and then, and
 * after every poll while something is wrong with them. So a breaker of a vendor that nobody needs
 * gets its probes, a contract that changed is noticed before it matters, and whoever takes over is
 * known to be well. An open breaker refuses, which costs nothing.
 */
export const lookAtReserves = async (
  deps: LookDeps,
  known: KnownVendors,
  {
    reserves,
    symbols,
  }: {
    readonly reserves: readonly GatewayVendor[];
    readonly symbols: readonly Ticker[];
  },
): Promise<readonly ReserveLook[]> => {
  if (symbols.length === 0) return [];
  const startedAtMs = deps.clock.monotonicMs();
  const looks = reserves
    .filter((vendor) => isDue(deps, knowledgeOf(known, vendor), vendor))
    .map(async (vendor) => {
      const asked = symbols.slice(0, Math.min(SYMBOLS_MAX, vendor.symbolsPerRequest));
      const asking = vendor.ask(asked, { deadlineMs: startedAtMs + LOOK_MS });
      // Its deadline ends it; nobody relies on that.
      const result = await within(deps.timers, LOOK_MS + GRACE_MS, asking);
      const latencyMs = deps.clock.monotonicMs() - startedAtMs;
      return result === undefined ? [] : [{ vendor, result, latencyMs }];
    });
  return (await Promise.all(looks)).flat();
};

const isDue = (
  { clock, lookEveryMs }: LookDeps,
  { askedAtMs, trouble, quota }: Knowledge,
  { isWell }: GatewayVendor,
): boolean => {
  if (quota.left() === 0) return false;
  const isIll = trouble !== undefined || isWell?.() === false;
  return isIll || clock.monotonicMs() - askedAtMs > lookEveryMs;
};
