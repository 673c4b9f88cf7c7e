/** The world that orders go to. */
export type ModeView = "sim" | "shadow" | "paper" | "live";

/** How good something is, apart from its words; `unknown` is never shown as good. */
export type Tone = "good" | "warn" | "bad" | "unknown";

/** The market's clock, as the server tells it. */
export type ClockView = {
  readonly nowMs: number;
  readonly phase: string;
  readonly opensAtMs: number | null;
  readonly closesAtMs: number | null;
  readonly isHalfDay: boolean;
  readonly nextOpenMs: number | null;
};

/** Whether the account may trade, and why not. */
export type TradingView = {
  readonly mode: string;
  readonly reason: string;
  readonly by: string;
  readonly atMs: number;
};

/** The account, in dollars. */
export type AccountView = {
  readonly name: string;
  readonly trading: TradingView | undefined;
  readonly reconciliation: string;
  readonly equity: number | null;
  readonly buyingPower: number | null;
  readonly realizedProfit: number | null;
  readonly unrealizedProfit: number;
  /** Orders that are not settled, and those of them whose fate is not known. */
  readonly inFlight: number;
  readonly unknown: number;
};

/** One component of the system. */
export type ComponentView = {
  readonly name: string;
  readonly level: string;
  readonly tone: Tone;
  readonly isCritical: boolean;
  readonly reason: string;
  readonly evidenceAtMs: number | null;
};

/** The system's health. */
export type HealthView = {
  readonly level: string;
  readonly tone: Tone;
  readonly reason: string;
  readonly atMs: number;
  readonly components: readonly ComponentView[];
};

/** One stage of the funnel: who passed, and why others stopped there. */
export type StageView = {
  readonly name: string;
  readonly passed: number;
  readonly stopped: readonly { readonly reason: string; readonly count: number }[];
};

/** A session's funnel, and what it means. */
export type FunnelView = {
  readonly session: string;
  readonly stages: readonly StageView[];
  /** Why there are no trades, if there are none, and whether that is usual. */
  readonly sentences: readonly string[];
  readonly tone: Tone;
};

/** What is held in one symbol; money in dollars, for display only. */
export type PositionView = {
  readonly symbol: string;
  readonly quantity: number;
  readonly averagePrice: number | null;
  readonly lastPrice: number | null;
  readonly lastPriceAgeMs: number | null;
  readonly value: number | null;
  readonly profit: number | null;
  readonly profitRatio: number | null;
};

/** One order. */
export type OrderView = {
  readonly id: string;
  readonly atMs: number;
  readonly symbol: string;
  readonly side: string;
  readonly purpose: string;
  readonly quantity: number;
  readonly filled: number;
  readonly price: number | null;
  readonly state: string;
  readonly tone: Tone;
  readonly reason: string;
  readonly outcome: string;
};

/** A symbol's score and what it is made of. */
export type ScoreView = {
  readonly symbol: string;
  readonly score: number;
  readonly direction: string;
  readonly freshness: number;
  readonly atMs: number;
  /** The gate let it through. */
  readonly isThrough: boolean;
  readonly outcome: string;
  readonly components: readonly { readonly name: string; readonly value: number }[];
  readonly missing: readonly string[];
};

/** One vendor of market data. */
export type VendorView = {
  readonly name: string;
  /** What it is used for, or why it is not. */
  readonly use: string;
  readonly tone: Tone;
  readonly reason: string;
  readonly p95Ms: number | null;
  readonly dataAgeMs: number | null;
  /** 0 to 1. */
  readonly agreement: number;
  readonly breaker: string;
  readonly probesAtMs: number | null;
};

/** Where prices come from, and how good they are on the whole. */
export type VendorsView = {
  readonly mode: string | null;
  readonly tone: Tone;
  readonly rows: readonly VendorView[];
};

/** The account's value through the session. */
export type EquityView = readonly { readonly atMs: number; readonly equity: number }[];

/** The last trading cycle. */
export type LastCycleView = {
  readonly closedAtMs: number;
  readonly outcome: string;
  readonly reason: string;
};

/** A part of the page: what is known, and why it may not be up to date. */
export type PartView<Value> = {
  readonly value: Value | undefined;
  readonly failure: string | null;
};

/** A component that is not well, and what is done meanwhile. */
export type TroubleView = {
  readonly component: string;
  readonly level: string;
  readonly tone: Tone;
  readonly sinceMs: number | null;
  readonly reason: string;
  readonly response: string;
};

/** Something that happened to the system's health. */
export type TimelineEventView = {
  readonly atMs: number;
  readonly kind: string;
  readonly tone: Tone;
  readonly title: string;
  readonly detail: string;
};

/** A failure that was caused on purpose. */
export type BrokenView = {
  readonly failure: string;
  readonly breaks: string;
  readonly by: string;
  readonly beganAtMs: number;
  readonly endsAtMs: number;
};

/** What is wrong, since when, what is done about it, and how it came to that. */
export type IncidentView = {
  readonly level: string;
  readonly tone: Tone;
  readonly sinceMs: number | null;
  readonly broken: BrokenView | null;
  /** The database cannot be relied on. */
  readonly isReadOnly: boolean;
  readonly troubles: readonly TroubleView[];
  readonly healing: {
    readonly remedy: string;
    readonly sinceMs: number;
    readonly detail: string;
  } | null;
  readonly recovered: { readonly atMs: number; readonly tookMs: number } | null;
  readonly events: readonly TimelineEventView[];
  /** What could not be read. */
  readonly missing: readonly string[];
};

/** What can be broken on purpose, and what is. */
export type ChaosView = {
  /** Why nothing may be broken here; null where it may. */
  readonly refusal: string | null;
  readonly failures: readonly {
    readonly failure: string;
    readonly breaks: string;
    readonly isOnce: boolean;
  }[];
  readonly current: BrokenView | null;
};

/** A failover of a drill. */
export type DrillRowView = {
  readonly scenario: string;
  /** The Region that took over. */
  readonly to: string;
  readonly secondsToFence: number | null;
  readonly secondsToActive: number | null;
  /** How many different ones people got. */
  readonly alerts: number;
  readonly isOk: boolean;
  /** What was wrong, in a few words; empty where nothing was. */
  readonly harm: string;
  readonly differences: readonly string[];
};

/** Drills of failovers, newest first. */
export type DrillsView = readonly {
  readonly atMs: number;
  readonly place: string;
  readonly isOk: boolean;
  readonly failovers: number;
  readonly rows: readonly DrillRowView[];
}[];

/** Everything that the page shows. */
export type View = {
  readonly mode: ModeView | undefined;
  readonly clock: ClockView | undefined;
  readonly lastCycle: LastCycleView | undefined;
  readonly account: AccountView | undefined;
  readonly health: PartView<HealthView>;
  readonly positions: PartView<readonly PositionView[]>;
  readonly funnel: PartView<FunnelView>;
  readonly orders: PartView<readonly OrderView[]>;
  readonly equity: PartView<EquityView>;
  readonly scores: PartView<readonly ScoreView[]>;
  readonly vendors: PartView<VendorsView>;
  readonly incident: PartView<IncidentView>;
  readonly chaos: PartView<ChaosView>;
  readonly drills: PartView<DrillsView>;
  /** The age of the oldest quote; null without any. */
  readonly oldestQuoteMs: number | null | undefined;
};
