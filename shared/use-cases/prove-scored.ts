import type { Ticker } from "../domain/market/ticker.ts";
import type { Clock } from "../ports/clock.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { MarketDataMessage } from "./market-data-message.ts";

type ProveScoredDeps = {
  readonly telemetry: Pick<Telemetry, "recordEvidence">;
  readonly clock: Clock;
};

/** What there is to prove. */
type Scored = {
  readonly intents: number;
  /** Symbols whose exits basic indicators decided. */
  readonly withoutModel: number;
  /** Symbols of whose flow nothing could be made. */
  readonly withBrokenFlow: readonly Ticker[];
  /** How many symbols were scored without the market's tide, because it cannot be read. */
  readonly withoutTide: number;
  /** By the monotonic clock, ms. */
  readonly startedAtMs: number;
};

/** Evidence after the work; handing intents over is what execute-orders has to answer for. */
export const proveScored = async (
  deps: ProveScoredDeps,
  message: MarketDataMessage,
  { intents, withoutModel, withBrokenFlow, withoutTide, startedAtMs }: Scored,
): Promise<void> => {
  const atMs = deps.clock.nowMs();
  const evidence = {
    atMs,
    succeeded: true,
    latencyMs: deps.clock.monotonicMs() - startedAtMs,
    dataAgeMs: null,
    fault: null,
  } as const;
  if (intents > 0) {
    const detail = `${message.cycleId}, shard ${message.shard}: ${intents} intents were sent.`;
    await deps.telemetry.recordEvidence({ ...evidence, component: "intents", detail });
  }
  const without = [
    withoutModel > 0 &&
      `The model is missing: basic indicators decide the exits of ${withoutModel} symbols.`,
    withBrokenFlow.length > 0 && brokenFlow(withBrokenFlow),
    withoutTide > 0 &&
      `The market's tide that is stored cannot be read: ${withoutTide} symbols do without.`,
  ].filter((sentence) => sentence !== false);
  const { cycleId, shard, quotes } = message;
  const detail = [`${cycleId}, shard ${shard}: ${quotes.length} quotes.`, ...without].join(" ");
  await deps.telemetry.recordEvidence({ ...evidence, component: "score-signals", detail });
};

const SYMBOLS_TOLD = 5;

const brokenFlow = (symbols: readonly Ticker[]): string => {
  const more = symbols.length - SYMBOLS_TOLD;
  const told = symbols.slice(0, SYMBOLS_TOLD).join(", ");
  return `Nothing can be made of the flow of ${told}${more > 0 ? ` and ${more} more` : ""}.`;
};
