import type { ValidationPolicy } from "../../domain/market/check-quote.ts";
import { findAgreement, type Agreement, type Word } from "../../domain/market/consensus.ts";
import { pickVendors, type OpenSymbol, type OpenVendor } from "../../domain/market/pick-vendors.ts";
import type { Snapshot } from "../../domain/market/quote.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import { wordsOf } from "../../domain/market/validate-quote.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Timers } from "../../ports/timers.ts";
import { OVERTAKEN } from "../calls/source.ts";
import type { AskResult, GatewayVendor } from "./gateway-vendor.ts";

/** One vendor's part in a poll. */
export type VendorCall = {
  readonly vendor: GatewayVendor;
  readonly symbols: ReadonlySet<Ticker>;
  /** `undefined` where it was given up before it answered. */
  readonly result: AskResult | undefined;
  /** Until the result, or until it was given up, milliseconds. */
  readonly latencyMs: number;
  /** It took so long that another vendor was asked in its place. */
  readonly isLate: boolean;
};

/** What a poll came to. */
export type PollResult = {
  /** In the order in which they were asked. */
  readonly calls: readonly VendorCall[];
  /** What the vendors agree on, for the symbols where they do. */
  readonly agreements: ReadonlyMap<Ticker, Agreement>;
};

/** What a poll is made of. */
export type PollDeps = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly validation: ValidationPolicy;
  /** The preferred one first. */
  readonly vendors: readonly GatewayVendor[];
  /** How many symbols a vendor may be asked for now. */
  readonly symbolsMaxOf: (vendor: GatewayVendor) => number;
  /** After how many milliseconds without an answer another vendor is asked as well. */
  readonly hedgeAfterMs: (vendor: GatewayVendor) => number;
  /** Takes an extra request from the budget; false where there is none left. */
  readonly takeHedge: () => boolean;
  /** On the clock's monotonic time. */
  readonly deadlineMs: number;
};

/**
 * Asks as few vendors as can bring enough independent words on every symbol, and others in the
 * place of those that fail, are late or disagree. Ends as soon as every symbol is agreed on, when
 * nobody is left to ask, or at the deadline; what is still out then is aborted.
 */
export const runPoll = async (deps: PollDeps, symbols: readonly Ticker[]): Promise<PollResult> => {
  const bell = createBell();
  const calls: OpenCall[] = [];
  const endTimer = deps.timers.after(deps.deadlineMs - deps.clock.monotonicMs(), bell.ring);
  try {
    // Each round a vendor is asked, answers, or is late.
    for (let round = 0; round < deps.vendors.length * ROUNDS_PER_VENDOR; round++) {
      const open = openSymbols(deps, calls, symbols);
      for (const pick of pickVendors(open, unasked(deps, calls), deps.validation.vendorsToAgree)) {
        const vendor = deps.vendors.find((one) => one.vendor === pick.vendor);
        if (vendor !== undefined) calls.push(startCall(deps, vendor, pick.symbols, bell.ring));
      }
      const isWaiting = calls.some((call) => call.result === undefined);
      if (open.length === 0 || !isWaiting) break;
      if (deps.clock.monotonicMs() >= deps.deadlineMs) break;
      await bell.rung();
    }
  } finally {
    endTimer();
    for (const call of calls) call.giveUp();
  }
  return { calls, agreements: agreementsOf(deps, calls, symbols) };
};

const NOT_NEEDED = "Others were enough.";

/** Asked, late, answered. */
const ROUNDS_PER_VENDOR = 3;

type OpenCall = { -readonly [Key in keyof VendorCall]: VendorCall[Key] } & {
  readonly giveUp: () => void;
};

const startCall = (
  deps: PollDeps,
  vendor: GatewayVendor,
  symbols: readonly Ticker[],
  ring: () => void,
): OpenCall => {
  const { clock, timers } = deps;
  const startedAtMs = clock.monotonicMs();
  const aborting = new AbortController();
  const noteTime = (): void => {
    call.latencyMs = clock.monotonicMs() - startedAtMs;
  };
  const cancelHedge = timers.after(deps.hedgeAfterMs(vendor), () => {
    if (call.result !== undefined || !deps.takeHedge()) return;
    call.isLate = true;
    ring();
  });
  const call: OpenCall = {
    vendor,
    symbols: new Set(symbols),
    result: undefined,
    latencyMs: 0,
    isLate: false,
    giveUp: () => {
      cancelHedge();
      if (call.result !== undefined) return;
      noteTime();
      aborting.abort(call.isLate ? OVERTAKEN : NOT_NEEDED);
    },
  };
  const { deadlineMs } = deps;
  const listen = async (): Promise<void> => {
    const result = await vendor.ask(symbols, { deadlineMs, signal: aborting.signal });
    // What comes after it was given up is nobody's any more.
    if (aborting.signal.aborted) return;
    call.result = result;
    noteTime();
    cancelHedge();
    ring();
  };
  void listen();
  return call;
};

const unasked = (deps: PollDeps, calls: readonly OpenCall[]): readonly OpenVendor[] =>
  deps.vendors
    .filter((vendor) => calls.every((call) => call.vendor !== vendor))
    .map((vendor) => ({
      vendor: vendor.vendor,
      origin: vendor.origin,
      symbolsMax: deps.symbolsMaxOf(vendor),
    }));

const openSymbols = (
  deps: PollDeps,
  calls: readonly OpenCall[],
  symbols: readonly Ticker[],
): readonly OpenSymbol[] => {
  const words = wordsBySymbol(deps, calls);
  return symbols.flatMap((symbol) => {
    const heard = words.get(symbol) ?? [];
    if (isSettled(deps, heard)) return [];
    const awaited = calls.filter(
      (call) => call.result === undefined && !call.isLate && call.symbols.has(symbol),
    );
    return [
      {
        symbol,
        heard: new Set(heard.map((word) => word.origin)),
        awaited: new Set(awaited.map((call) => call.vendor.origin)),
      },
    ];
  });
};

const isSettled = ({ validation }: PollDeps, words: readonly Word[]): boolean =>
  validation.vendorsToAgree === 1
    ? words.some((word) => word.isLive)
    : findAgreement(words, validation.consensusRatio) !== undefined;

const agreementsOf = (
  deps: PollDeps,
  calls: readonly OpenCall[],
  symbols: readonly Ticker[],
): ReadonlyMap<Ticker, Agreement> => {
  const words = wordsBySymbol(deps, calls);
  const agreements = new Map<Ticker, Agreement>();
  for (const symbol of symbols) {
    const agreement = findAgreement(words.get(symbol) ?? [], deps.validation.consensusRatio);
    if (agreement !== undefined) agreements.set(symbol, agreement);
  }
  return agreements;
};

/** What can be believed of each symbol so far, the preferred vendor's word first. */
const wordsBySymbol = (
  { vendors, validation, clock }: PollDeps,
  calls: readonly OpenCall[],
): ReadonlyMap<Ticker, readonly Word[]> => {
  const nowMs = clock.nowMs();
  const ordered = vendors.flatMap((vendor) => calls.filter((call) => call.vendor === vendor));
  const snapshots = ordered.flatMap(snapshotsOf);
  return Map.groupBy(wordsOf(snapshots, nowMs, validation), ({ quote }) => quote.symbol);
};

const snapshotsOf = ({ result }: OpenCall): readonly Snapshot[] =>
  result?.type === "answered" ? result.answer.snapshots : [];

/** Wakes the one who waits; a ring that nobody waited for is not lost. */
const createBell = (): { readonly ring: () => void; readonly rung: () => Promise<void> } => {
  let hasRung = false;
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      hasRung = true;
      wake?.();
    },
    rung: async () => {
      if (!hasRung) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      hasRung = false;
      wake = undefined;
    },
  };
};
