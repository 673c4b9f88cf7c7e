import { listOf } from "../listed-record.ts";
import { type Money, ZERO_USD } from "../market/money.ts";
import type { Price } from "../market/price.ts";
import { ZERO_SHARES, type Quantity } from "../market/quantity.ts";
import type { SessionDate } from "../market/session-date.ts";
import type { Ticker } from "../market/ticker.ts";
import type { ClientOrderId } from "../orders/client-order-id.ts";
import type { Protection, Purpose, Side } from "../orders/order-intent.ts";
import type { Limits } from "./limits.ts";

/** Whether entries and exits may be sent (`active`), exits only (`reducing`), or nothing. */
export type TradingMode = "active" | "reducing" | "halted";

/** The trading mode, and who put it there, when and why. */
export type TradingState = {
  readonly mode: TradingMode;
  readonly reason: string;
  /** The principal or the function that decided. */
  readonly by: string;
  readonly atMs: number;
  /** Everything held is to be closed; trading halts when the broker shows that it is. */
  readonly isFlattening: boolean;
  /** The broker is to refuse orders too, once nothing is held; false again when it was asked to. */
  readonly suspendAtBroker: boolean;
};

/** One principal's wish to resume, which another one has to approve. */
export type ResumeRequest = {
  readonly by: string;
  readonly atMs: number;
  /** Digest of what both have looked at. */
  readonly snapshotHash: string;
};

/** How often the broker refused a symbol's entries for one reason in a session. */
export type RejectCount = {
  readonly symbol: Ticker;
  readonly code: string;
  readonly count: number;
  readonly lastAtMs: number;
};

/** What is held in one symbol, or that nothing is. */
export type Holding = OpenHolding | FlatHolding;

/** A position: without its price and time no rule could say when to leave it. */
export type OpenHolding = LastEntry & {
  /** Signed and never zero: a short position is negative. */
  readonly quantity: Quantity;
  readonly averagePrice: Price;
  /** When the position was last opened from flat. */
  readonly openedAtMs: number;
};

/** No position. */
export type FlatHolding = LastEntry & {
  /** Always zero. */
  readonly quantity: Quantity;
  readonly averagePrice: null;
  readonly openedAtMs: null;
};

type LastEntry = {
  /** When an entry was last claimed; the cooldown counts from here. */
  readonly lastEntryAtMs: number | null;
};

/** Whether a position is held. */
export const isOpen = (holding: Holding): holding is OpenHolding => holding.averagePrice !== null;

/**
 * Exposure reserved for one order from its claim until it is settled.
 * `claimed`: may have been sent. `working`: the broker has it. `unknown`: the answer was lost.
 * `protecting`: an entry is over, and the broker still holds the bracket around what it filled.
 */
export type Claim = {
  readonly clientOrderId: ClientOrderId;
  readonly claimId: string;
  readonly epoch: number;
  readonly symbol: Ticker;
  readonly side: Side;
  readonly purpose: Purpose;
  readonly quantity: Quantity;
  /** Cumulative; already part of the holding. */
  readonly filled: Quantity;
  /** Cumulative average of `filled`; null while nothing is. */
  readonly filledPrice: Price | null;
  /** The worst price the order may fill at, which its reservation is counted with. */
  readonly price: Price;
  readonly stage: "claimed" | "working" | "unknown" | "protecting";
  readonly claimedAtMs: number;
  /** The order may not leave us after this moment. */
  readonly submitByMs: number;
  /** An entry that still works after this moment is cancelled. */
  readonly validUntilMs: number;
  /** The bracket around an entry; null where there is none, or it has lost its stop. */
  readonly protection: Protection | null;
  /** What the bracket has closed of `filled`, cumulative; already part of the holding. */
  readonly closed: Quantity;
  /** Cumulative average of `closed`; null while nothing is. */
  readonly closedPrice: Price | null;
  /** The bracket's orders that the broker still holds. */
  readonly liveLegIds: readonly string[];
  /** The symbol's last entry before this claim; given back if the order was never sent. */
  readonly entryBeforeMs: number | null;
  /** Since when the broker has denied knowing the order; null while it was never asked or knew. */
  readonly absentSinceMs: number | null;
};

/** What the broker last said of the account, and when it was asked. */
export type AccountReading = {
  readonly equity: Money;
  readonly cash: Money;
  readonly buyingPower: Money;
  readonly observedAtMs: number;
};

/** Counters of one session; a new session date starts them afresh. */
export type DayCounters = {
  readonly sessionDate: SessionDate;
  readonly entries: number;
  readonly exits: number;
  /** Equity when the session was first reconciled; null before. */
  readonly startingEquity: Money | null;
  readonly realizedProfit: Money;
  readonly rejects: readonly RejectCount[];
};

/**
 * Everything that decides whether an account may trade, in one item, so that every safety decision
 * is one conditional write. `version` rises by one with every write.
 */
export type ControlCell = {
  readonly schemaVersion: 3;
  readonly account: string;
  readonly version: number;
  /** The fencing token: raised by every takeover. */
  readonly epoch: number;
  readonly activeRegion: string;
  readonly tradingState: TradingState;
  readonly resumeRequest: ResumeRequest | null;
  readonly reconciliation: Reconciliation;
  readonly limits: Limits;
  /** Digest of the canonical JSON of `limits`. */
  readonly limitsDigest: string;
  readonly accountReading: AccountReading | null;
  /** What fills have moved since `accountReading`; the next reading's cash is compared with it. */
  readonly cashFlow: Money;
  /** The highest equity ever read; drawdown is measured from it. */
  readonly peakEquity: Money | null;
  readonly day: DayCounters | null;
  readonly holdings: Readonly<Record<string, Holding>>;
  readonly inFlight: Readonly<Record<string, Claim>>;
};

/**
 * Whether ledger and broker agree; only `clean` allows entries. `never`: the account is new, and
 * what the broker holds is taken over. `unverified`: since a start, a takeover or a difference.
 */
export type Reconciliation = {
  readonly state: "never" | "unverified" | "clean";
  /** When they last agreed, epoch milliseconds; null if never. */
  readonly cleanAtMs: number | null;
  /**
   * The ledger was restored and is as of this moment, epoch milliseconds: what the broker did since
   * is to be taken up. Gone with the first clean reconciliation.
   */
  readonly restoredAsOfMs?: number | undefined;
};

/** What a new account starts from: nothing known, so no entry until it is reconciled. */
export type NewCell = {
  readonly account: string;
  readonly region: string;
  readonly limits: Limits;
  readonly limitsDigest: string;
  readonly nowMs: number;
};

/** Returns the first cell of an account. */
export const openCell = (input: NewCell): ControlCell => ({
  schemaVersion: 3,
  account: input.account,
  version: 1,
  epoch: 1,
  activeRegion: input.region,
  tradingState: {
    mode: "active",
    reason: "Account opened.",
    by: "open-cycle",
    atMs: input.nowMs,
    isFlattening: false,
    suspendAtBroker: false,
  },
  resumeRequest: null,
  reconciliation: { state: "never", cleanAtMs: null },
  limits: input.limits,
  limitsDigest: input.limitsDigest,
  accountReading: null,
  cashFlow: ZERO_USD,
  peakEquity: null,
  day: null,
  holdings: {},
  inFlight: {},
});

/** The holding of a symbol; flat and never entered when the cell does not list it. */
export const holdingOf = (cell: ControlCell, symbol: Ticker): Holding =>
  cell.holdings[symbol] ?? FLAT;

/** Every claim that is not settled. */
export const claimsIn = ({ inFlight }: Pick<ControlCell, "inFlight">): readonly Claim[] =>
  listOf(inFlight).values;

/** The claims of a symbol that are not settled. */
export const claimsOf = (cell: ControlCell, symbol: Ticker): readonly Claim[] =>
  indexOf(cell).get(symbol) ?? NO_CLAIMS;

const NO_CLAIMS: readonly Claim[] = [];

// A cell never changes, and one is asked about for every symbol of a cycle: indexed once.
const indexes = new WeakMap<ControlCell["inFlight"], ReadonlyMap<Ticker, readonly Claim[]>>();

const indexOf = (cell: ControlCell): ReadonlyMap<Ticker, readonly Claim[]> => {
  const known = indexes.get(cell.inFlight);
  if (known !== undefined) return known;
  const index = Map.groupBy(claimsIn(cell), ({ symbol }) => symbol);
  indexes.set(cell.inFlight, index);
  return index;
};

/** Whether an order of this name is claimed and not settled. */
export const isClaimed = ({ inFlight }: ControlCell, clientOrderId: string): boolean =>
  inFlight[clientOrderId] !== undefined;

/** What of a claim's own order may still fill. */
export const remainingOf = (claim: Claim): Quantity =>
  claim.stage === "protecting"
    ? ZERO_SHARES
    : (Math.max(0, claim.quantity - claim.filled) as Quantity);

/** What the bracket around an entry may still close. */
export const protectedBy = (claim: Claim): Quantity =>
  claim.liveLegIds.length === 0
    ? ZERO_SHARES
    : (Math.max(0, claim.filled - claim.closed) as Quantity);

/** Nothing held. */
export const FLAT: FlatHolding = {
  quantity: ZERO_SHARES,
  averagePrice: null,
  openedAtMs: null,
  lastEntryAtMs: null,
};
