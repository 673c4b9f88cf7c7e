import { epochMsToNewYork } from "../market/new-york-time.ts";
import type { SessionDate } from "../market/session-date.ts";
import { parseTicker, type Ticker } from "../market/ticker.ts";
import type { Leg, Side } from "./order-intent.ts";
import { assert } from "../assert.ts";
import { PROBE_ACCOUNT } from "../probe/probe-account.ts";

declare const clientOrderIdBrand: unique symbol;

/** The name under which the broker knows an order; at most 128 characters, refused once used. */
export type ClientOrderId = string & { readonly [clientOrderIdBrand]: true };

/** What makes two decisions the same decision: everything that names an order, and nothing else. */
export type DecisionKey = {
  /** Lower-case letters and digits, at most 16. */
  readonly strategy: string;
  /** Lower-case letters and digits, at most 16. */
  readonly account: string;
  readonly symbol: Ticker;
  readonly sessionDate: SessionDate;
  /** Start of the minute bar that was decided on, epoch milliseconds. */
  readonly barTimeMs: number;
  readonly side: Side;
  readonly leg: Leg;
  /** 0 for the first order of the decision; counts up when the decision itself is revised. */
  readonly revision: number;
};

const PATTERN =
  /^hf_([a-z0-9]{1,16})_([a-z0-9]{1,16})_([A-Z\d.-]{1,14})_(\d{8})_(\d{4})_(buy|sell)_(entry|exit|flatten)_(\d{1,3})$/;

/**
 * Names an order by its decision alone, never by a clock, a random number, a Region or an attempt,
 * so that every retry of one decision carries the same id and the broker refuses the second.
 * Example: `hf_core_main_SPY_20131007_0935_buy_entry_0` (the minute is New York time).
 */
export const clientOrderIdOf = (key: DecisionKey): ClientOrderId => {
  const { before, after } = frameOf(key);
  // What stands around the symbol was looked at when the frame was made.
  assert(parseTicker(key.symbol) !== undefined, "A client order id names a symbol.");
  return `${before}${key.symbol}${after}` as ClientOrderId;
};

/** What stands around the symbol: all entries of a cycle share it. */
type IdFrame = Omit<DecisionKey, "symbol"> & { readonly before: string; readonly after: string };

const frameOf = (key: DecisionKey): IdFrame => {
  if (isFrameOf(lastFrame, key)) return lastFrame;
  const { strategy, account, sessionDate, barTimeMs, side, leg, revision } = key;
  const before = `hf_${strategy}_${account}_`;
  const after = `_${minuteText(sessionDate, barTimeMs)}_${side}_${leg}_${revision}`;
  const id = `${before}${key.symbol}${after}`;
  assert(PATTERN.test(id), `A client order id has its fixed form; this one has not: ${id}`);
  lastFrame = { strategy, account, sessionDate, barTimeMs, side, leg, revision, before, after };
  return lastFrame;
};

const isFrameOf = (frame: IdFrame | undefined, key: DecisionKey): frame is IdFrame =>
  frame !== undefined &&
  frame.barTimeMs === key.barTimeMs &&
  frame.side === key.side &&
  frame.leg === key.leg &&
  frame.revision === key.revision &&
  frame.sessionDate === key.sessionDate &&
  frame.strategy === key.strategy &&
  frame.account === key.account;

let lastFrame: IdFrame | undefined;

/** The session and the minute, as `yyyymmdd_hhmm`. */
const minuteText = (sessionDate: SessionDate, barTimeMs: number): string => {
  const minuteOfDay = Math.floor(epochMsToNewYork(barTimeMs).msOfDay / 60_000);
  const hour = Math.floor(minuteOfDay / 60)
    .toString()
    .padStart(2, "0");
  const minute = (minuteOfDay % 60).toString().padStart(2, "0");
  return `${sessionDate.replaceAll("-", "")}_${hour}${minute}`;
};

/** Reads an id of ours; `undefined` for what Holdfast did not name, and for the probe's. */
export const parseClientOrderId = (text: string): ClientOrderId | undefined => {
  const account = partsOf(text)?.[2];
  return account === undefined || account === PROBE_ACCOUNT ? undefined : (text as ClientOrderId);
};

/** Whether it is an id of ours, as `parseClientOrderId` reads it, that was made for the account. */
export const isIdOfAccount = (text: string, account: string): text is ClientOrderId => {
  // Most open orders are legs, which the broker named: a reconciliation asks of every one of them.
  if (!text.startsWith(PREFIX) || account === PROBE_ACCOUNT || !PATTERN.test(text)) return false;
  const start = text.indexOf("_", PREFIX.length) + 1;
  return text.slice(start, text.indexOf("_", start)) === account;
};

const PREFIX = "hf_";

/** The account an id was made for: the ledger keeps an order under its account and session. */
export const accountOfClientOrderId = (id: ClientOrderId): string => part(id, 2);

/** The session an id was made for, as `yyyymmdd`. */
export const sessionOfClientOrderId = (id: ClientOrderId): string => part(id, 4);

/** What an id says of its decision: the same for every revision of its order. */
export const decisionOfClientOrderId = (id: string): string => id.replace(/_\d{1,3}$/, "");

/** An order's id comes again with everything that happens to it, and is taken apart once. */
const partsOf = (text: string): readonly string[] | null => {
  const known = PARTS.get(text);
  if (known !== undefined) return known;
  const parts = PATTERN.exec(text);
  if (parts === null) return null;
  if (PARTS.size >= PARTS_MAX) PARTS.clear();
  PARTS.set(text, parts);
  return parts;
};

const PARTS = new Map<string, readonly string[]>();

/** Orders of several sessions. */
const PARTS_MAX = 2_000;

const part = (id: ClientOrderId, index: number): string => {
  const text = partsOf(id)?.[index];
  assert(text !== undefined, `A client order id has its fixed form; this one has not: ${id}`);
  return text;
};
