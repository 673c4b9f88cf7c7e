import type { Session } from "../../domain/market/calendar.ts";
import type { QuotedPrice } from "../../domain/market/quote.ts";
import type { SessionDate } from "../../domain/market/session-date.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import type { ControlCell } from "../../domain/risk/control-cell.ts";
import type { Proposals } from "../../domain/risk/proposals.ts";
import type { BasicTrack } from "../../domain/signals/basic-signal.ts";
import type { EnrichedFlow } from "../../domain/signals/enrich-flow.ts";
import type { MarketTide } from "../../domain/signals/flow.ts";
import type { WeighedFlow } from "../../domain/signals/weigh-flow.ts";

/** What a decision about one symbol rests on. */
export type DecisionInput = {
  readonly symbol: Ticker;
  /** The newest valid quote of this message. */
  readonly quote: QuotedPrice | undefined;
  /** The last known quote, however old: for exits only. */
  readonly lastKnown: QuotedPrice | undefined;
  readonly flow: EnrichedFlow | undefined;
  /** Of the whole market; `undefined` where it is not known. */
  readonly tide: MarketTide | undefined;
  /** What the symbol's score before rests on: saves work, changes no result, is itself carried on. */
  readonly weighedBefore?: WeighedFlow | undefined;
  /** The basic indicators of what is held, asked for its exit while the model is missing. */
  readonly basic?: BasicTrack | undefined;
  /** Why there is no flow, asked where there is none: an outage is not "no flow". */
  readonly withoutFlow: "flowMissing" | "flowUnavailable" | "flowBroken";
  /** `undefined` where the account was never opened. */
  readonly cell: ControlCell | undefined;
  /** The entries in other symbols that were proposed for the cell already. */
  readonly proposals?: Proposals | undefined;
  /** The open session; `undefined` while the market is closed. */
  readonly session: Session | undefined;
  readonly sessionDate: SessionDate;
  /** Names the decision, epoch ms. */
  readonly slotMs: number;
  readonly nowMs: number;
};
