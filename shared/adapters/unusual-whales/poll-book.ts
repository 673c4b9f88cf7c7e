import type { Ticker } from "../../domain/market/ticker.ts";
import type { Endpoint, EvidencePart } from "./evidence-part.ts";

/** One thing to ask; where it is about the whole market, `symbol` is whoever comes first. */
export type Poll = { readonly endpoint: Endpoint; readonly symbol: Ticker };

/** Remembers per endpoint AND symbol when it was asked and what it said. */
export type PollBook = {
  /** What is due at `nowMs`, longest overdue first, at most `limit`: nobody waits for ever. */
  readonly due: (symbols: readonly Ticker[], nowMs: number, limit: number) => readonly Poll[];
  readonly recordAnswer: (poll: Poll, part: EvidencePart, nowMs: number) => void;
  /**
   * What an endpoint said before it failed is no longer evidence. A failure that passes is tried
   * again soon, a refusal only after the interval: it would be refused again, and cost quota.
   */
  readonly recordFailure: (poll: Poll, willPass: boolean, nowMs: number) => void;
  /** What was answered and counts at `nowMs`: an answer does for `ANSWER_INTERVALS`. */
  readonly partOf: (poll: Poll, nowMs: number) => EvidencePart | undefined;
  /** What counts at `nowMs` of everything that is asked about a symbol. */
  readonly partsOf: (symbol: Ticker, nowMs: number) => readonly EvidencePart[];
};

type Entry = {
  readonly dueAtMs: number;
  readonly answer: { readonly part: EvidencePart; readonly atMs: number } | undefined;
};

/** For so many of its endpoint's intervals an answer counts. */
export const ANSWER_INTERVALS = 2;

const RETRY_AFTER_MS = 2 * 60_000;
const ENTRIES_MAX = 20_000;

/** Makes an empty book for these endpoints. */
export const createPollBook = (endpoints: readonly Endpoint[]): PollBook => {
  const entries = new Map<string, Entry>();
  const dueAtMs = (poll: Poll): number => entries.get(keyOf(poll))?.dueAtMs ?? -Infinity;
  const record = (poll: Poll, entry: Entry): void => {
    // Symbols come and go; far beyond what is traded, what is forgotten is only asked again.
    if (entries.size >= ENTRIES_MAX) entries.clear();
    entries.set(keyOf(poll), entry);
  };
  const partOf = (poll: Poll, nowMs: number): EvidencePart | undefined => {
    const answer = entries.get(keyOf(poll))?.answer;
    const countsForMs = ANSWER_INTERVALS * poll.endpoint.intervalMs;
    return answer !== undefined && nowMs - answer.atMs <= countsForMs ? answer.part : undefined;
  };
  return {
    due: (symbols, nowMs, limit) =>
      pollsOf(endpoints, symbols)
        .filter((poll) => dueAtMs(poll) <= nowMs)
        // What one answer tells of all symbols never waits behind what was not asked yet of each.
        .toSorted(
          (left, right) =>
            compare(breadthOf(left), breadthOf(right)) || compare(dueAtMs(left), dueAtMs(right)),
        )
        .slice(0, limit),
    recordAnswer: (poll, part, nowMs) =>
      record(poll, {
        dueAtMs: nowMs + poll.endpoint.intervalMs,
        answer: { part, atMs: nowMs },
      }),
    recordFailure: (poll, willPass, nowMs) => {
      const { intervalMs } = poll.endpoint;
      const waitMs = willPass ? Math.min(intervalMs, RETRY_AFTER_MS) : intervalMs;
      record(poll, { dueAtMs: nowMs + waitMs, answer: undefined });
    },
    partOf,
    partsOf: (symbol, nowMs) =>
      pollsOf(endpoints, [symbol]).flatMap((poll) => partOf(poll, nowMs) ?? []),
  };
};

const breadthOf = ({ endpoint }: Poll): number => (endpoint.scope === "market" ? 0 : 1);

const keyOf = ({ endpoint, symbol }: Poll): string =>
  endpoint.scope === "market" ? endpoint.name : `${endpoint.name} ${symbol}`;

const pollsOf = (endpoints: readonly Endpoint[], symbols: readonly Ticker[]): readonly Poll[] =>
  endpoints.flatMap((endpoint) =>
    (endpoint.scope === "market" ? symbols.slice(0, 1) : symbols).map((symbol) => ({
      endpoint,
      symbol,
    })),
  );

const compare = (left: number, right: number): number =>
  left === right ? 0 : left < right ? -1 : 1;
