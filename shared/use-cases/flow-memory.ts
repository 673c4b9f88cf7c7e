import type { Ticker } from "../domain/market/ticker.ts";
import { isSameValue } from "../domain/same-value.ts";
import { type ConvictionTrack, startTrack, trackOf } from "../domain/signals/conviction-track.ts";
import type { EnrichmentPolicy } from "../domain/signals/enrich-flow.ts";
import type { FlowEvidence, MarketTide } from "../domain/signals/flow.ts";
import type { StoredFlow } from "../ports/telemetry.ts";

/**
 * What an environment that polls flow knows of what is stored: it saves work. Another environment
 * may write in between, and what is stored may break: it holds for `LOOK_AGAIN_MS` only.
 */
export type FlowMemory = {
  /** The evidence of each is what is stored. */
  readonly tracks: Map<Ticker, ConvictionTrack>;
  /** What was fetched last, all of which is stored: nearly the same stands in the same places. */
  kept: readonly FlowEvidence[] | undefined;
  /** The tracks, in the places where their symbols were looked up last. */
  placed: (ConvictionTrack | undefined)[];
  /** The tide that is stored; `undefined` where that is not known. */
  tide: { readonly stored: MarketTide | undefined } | "broken" | undefined;
  /** When the store was looked at last, by the monotonic clock. */
  lookedAtMs: number;
};

/** So long a record may stay as another environment wrote it, or broken, while nothing is new. */
export const LOOK_AGAIN_MS = 5 * 60_000;

/** At most one track a symbol; far beyond what is traded, what is forgotten is read again. */
const TRACKS_MAX = 2_000;

/** Nothing is known yet. */
export const createFlowMemory = (): FlowMemory => ({
  tracks: new Map(),
  kept: undefined,
  placed: [],
  tide: undefined,
  lookedAtMs: -Infinity,
});

/** Forgets everything: what is stored is not known any more. */
export const forget = (memory: FlowMemory): void => {
  memory.tracks.clear();
  memory.kept = undefined;
  memory.placed = [];
  memory.tide = undefined;
  memory.lookedAtMs = -Infinity;
};

/**
 * Takes up what is stored of these symbols. What is stored as it was written stays as it is; what
 * is another goes on from there, and what is not there, or cannot be read, is not known any more.
 */
export const takeUpStored = (
  memory: FlowMemory,
  symbols: readonly Ticker[],
  { evidence, marketTide, isTideBroken }: StoredFlow,
  policy: EnrichmentPolicy,
): void => {
  if (memory.tracks.size + symbols.length > TRACKS_MAX) forget(memory);
  const { tracks } = memory;
  // Nothing is asked for nothing: then no tide is known either.
  if (symbols.length > 0) memory.tide = isTideBroken ? "broken" : { stored: marketTide };
  const gone = new Set(symbols);
  let hasChanged = false;
  for (const each of evidence) {
    gone.delete(each.symbol);
    const known = tracks.get(each.symbol)?.evidence;
    if (known !== undefined && isSameValue(known, each)) continue;
    tracks.set(each.symbol, goOnFrom(each, policy));
    hasChanged = true;
  }
  for (const symbol of gone) if (tracks.delete(symbol)) hasChanged = true;
  if (!hasChanged) return;
  memory.kept = undefined;
  memory.placed = [];
};

/** Whether the store is known to have this tide. */
export const isTideStored = ({ tide }: FlowMemory, said: MarketTide | undefined): boolean =>
  tide !== undefined && tide !== "broken" && isSameValue(tide.stored, said);

/** Goes on from what is stored; where nothing can be made of that, the track begins anew. */
const goOnFrom = (stored: FlowEvidence, policy: EnrichmentPolicy): ConvictionTrack => {
  try {
    return trackOf(stored, policy);
  } catch {
    return startTrack(stored.symbol);
  }
};

/** What the vendor says, and the track that goes on with it where this environment has one. */
export type News = { readonly evidence: FlowEvidence; readonly track: ConvictionTrack | undefined };

/** What does not come as it was taken up: most minutes bring nothing new of most symbols. */
export const newsIn = (memory: FlowMemory, fetched: readonly FlowEvidence[]): readonly News[] => {
  const { kept } = memory;
  const news: News[] = [];
  let place = 0;
  for (const evidence of fetched) {
    if (evidence !== kept?.[place]) {
      const track = trackAt(memory, place, evidence.symbol);
      if (track?.source !== evidence) news.push({ evidence, track });
    }
    place++;
  }
  return news;
};

/** The track of the symbol at a place, which is nearly always the one that stood there before. */
const trackAt = (
  { tracks, placed }: FlowMemory,
  place: number,
  symbol: Ticker,
): ConvictionTrack | undefined => {
  const before = placed[place];
  if (before?.symbol === symbol) return before;
  const track = tracks.get(symbol);
  placed[place] = track;
  return track;
};

/** The symbol's track, begun where there is none. */
export const startedTrack = ({ tracks }: FlowMemory, symbol: Ticker): ConvictionTrack => {
  const track = tracks.get(symbol) ?? startTrack(symbol);
  tracks.set(symbol, track);
  return track;
};
