import type { Session } from "../../../shared/domain/market/calendar.ts";
import { notional, usd } from "../../../shared/domain/market/money.ts";
import { newYorkToEpochMs } from "../../../shared/domain/market/new-york-time.ts";
import type { Price } from "../../../shared/domain/market/price.ts";
import type { Quote } from "../../../shared/domain/market/quote.ts";
import { shares } from "../../../shared/domain/market/quantity.ts";
import {
  addDays,
  weekdayOf,
  type SessionDate,
} from "../../../shared/domain/market/session-date.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import type { DarkPoolPrint, FlowAlert } from "../../../shared/domain/signals/flow.ts";
import { hashText, normalAt, uniformAt } from "../hash.ts";
import type { MarketFeed } from "../prices/market-feed.ts";
import { leanAt } from "./lean.ts";

const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 60 * MS_PER_MINUTE;
const PRINTS_FROM_MS = 7 * MS_PER_HOUR;
const BURST_MS = 25_000;
const PER_MINUTE_MAX = 6;
const PRINT_SHARES_MAX = 5_000_000;
const EXPIRY_DAYS_MAX = 45;
const RULES = [
  "RepeatedHits",
  "RepeatedHitsAscendingFill",
  "FloorTradeLargeCap",
  "SweepsFollowedByFloor",
];

/** An alert with what the vendor adds to the normal form. */
export type SeededAlert = FlowAlert & {
  readonly createdAtMs: number;
  readonly underlyingPrice: Price;
  readonly contracts: number;
  readonly tradeCount: number;
  readonly volume: number;
  readonly openInterest: number;
  readonly hasFloor: boolean;
  readonly isAllOpening: boolean;
  readonly rule: string;
};

/** A print with what the vendor adds to the normal form. */
export type SeededPrint = DarkPoolPrint & {
  readonly executedAtMs: number;
  readonly trackingId: number;
};

/** One symbol's options alerts and dark-pool prints of a session, each oldest first. */
export type DayFlow = {
  readonly alerts: readonly SeededAlert[];
  readonly prints: readonly SeededPrint[];
};

/** What the flow of all symbols of a session has in common. */
export type SessionDraws = {
  readonly seed: string;
  readonly session: Session;
  readonly feed: MarketFeed;
  /** When contracts end, by the number of days that they have at least. */
  readonly expiries: readonly SessionDate[];
  /** How many alerts a symbol has in each minute of the session, on average. */
  readonly alertMeans: readonly number[];
};

type DayInput = SessionDraws & { readonly key: number; readonly symbol: Ticker };

/**
 * Works out what the symbols of a session share; of the feed it asks how turbulent the market is.
 */
export const drawSession = (seed: string, session: Session, feed: MarketFeed): SessionDraws => {
  const minutes = Math.ceil((session.closesAtMs - session.opensAtMs) / MS_PER_MINUTE);
  return {
    seed,
    session,
    feed,
    expiries: expiriesFrom(session.date),
    alertMeans: Array.from({ length: minutes }, (_none, minute) =>
      alertMeanAt(session, feed, session.opensAtMs + minute * MS_PER_MINUTE),
    ),
  };
};

/**
 * Draws a symbol's flow of a day. What happens at a moment depends on the seed and on prices up to
 * that moment, never on later ones. The open brings a burst in symbols that lean one way.
 */
export const drawDayFlow = (draws: SessionDraws, symbol: Ticker): DayFlow => {
  const { seed, session, feed } = draws;
  const key = hashText(`${seed}/flow/${symbol}/${session.date}`);
  const input = { ...draws, key, symbol };
  const alerts: SeededAlert[] = [];
  const prints: SeededPrint[] = [];
  const printsFromMs = newYorkToEpochMs(session.date, PRINTS_FROM_MS);
  for (let atMs = printsFromMs; atMs < session.closesAtMs; atMs += MS_PER_MINUTE) {
    const printCount = countPrints(input, atMs);
    const alertCount = atMs < session.opensAtMs ? 0 : countAlerts(input, atMs);
    // The lean looks prices up, and most minutes bring nothing that could lean.
    if (printCount === 0 && alertCount === 0 && atMs !== session.opensAtMs) continue;
    const lean = leanAt(seed, symbol, atMs, feed);
    drawPrints(input, { lean, minuteMs: atMs, count: printCount }, prints);
    drawAlerts(input, { lean, minuteMs: atMs, count: alertCount }, alerts);
  }
  return {
    alerts: alerts.toSorted((left, right) => left.createdAtMs - right.createdAtMs),
    prints: prints.toSorted((left, right) => left.executedAtMs - right.executedAtMs),
  };
};

/** What a minute brings, the burst at the open apart. */
type MinuteDraw = { readonly lean: number; readonly minuteMs: number; readonly count: number };

const countAlerts = ({ key, session, alertMeans }: DayInput, minuteMs: number): number => {
  const mean = alertMeans[(minuteMs - session.opensAtMs) / MS_PER_MINUTE] ?? 0;
  return countAt(key, minuteMs / MS_PER_MINUTE, mean);
};

const alertMeanAt = (session: Session, feed: MarketFeed, minuteMs: number): number => {
  const sinceOpen = (minuteMs - session.opensAtMs) / MS_PER_MINUTE;
  const index = feed.volatilityIndexAt(minuteMs)?.value ?? 16;
  // Busy after the open and before the close, and when the market is turbulent.
  const early = Math.exp(-sinceOpen / 20);
  const late = Math.exp((minuteMs - session.closesAtMs) / (20 * MS_PER_MINUTE));
  return (0.13 + 0.25 * early + 0.12 * late) * Math.min(1.8, index / 16);
};

const drawAlerts = (
  input: DayInput,
  { lean, minuteMs, count }: MinuteDraw,
  alerts: SeededAlert[],
): void => {
  const isOpening = minuteMs === input.session.opensAtMs;
  const burst = isOpening && Math.abs(lean) > 0.25 ? 3 : 0;
  for (let index = 0; index < burst + count; index++) {
    const draw = (minuteMs / MS_PER_MINUTE) * 16 + index;
    const withinMs = uniformAt(input.key, draw, 1) * (index < burst ? BURST_MS : MS_PER_MINUTE);
    const size = index < burst ? 2.5 : 1;
    alerts.push(drawAlert(input, { lean, draw, atMs: Math.floor(minuteMs + withinMs), size }));
  }
};

/** A count with the given mean (at most one or so), from one uniform draw each. */
const countAt = (key: number, minute: number, mean: number): number => {
  let count = 0;
  let chance = Math.exp(-mean);
  let sum = chance;
  const draw = uniformAt(key, minute, 7);
  while (draw > sum && count < PER_MINUTE_MAX) {
    count++;
    chance *= mean / count;
    sum += chance;
  }
  return count;
};

type AlertDraw = {
  readonly lean: number;
  readonly draw: number;
  readonly atMs: number;
  /** Premium against an ordinary alert's. */
  readonly size: number;
};

const drawAlert = (input: DayInput, { lean, draw, atMs, size }: AlertDraw): SeededAlert => {
  const { key, symbol, expiries } = input;
  const chance = (salt: number): number => uniformAt(key, draw, salt);
  const underlyingPrice = middleOf(input, atMs);
  const isCall = chance(2) < (1 + lean) / 2;
  const premiumUsd = Math.round(size * 200_000 * Math.exp(1.05 * normalAt(key, draw, 3)));
  const away = (isCall ? 1 : -1) * (0.005 + 0.06 * chance(4));
  const isMultiLeg = chance(5) < 0.06;
  // Most alerts are bought at the ask; the rest of the premium is split.
  const askShare = 0.82 + 0.17 * chance(6);
  const contracts = Math.max(10, Math.round(premiumUsd / (underlyingPrice / 100) / 2.2));
  const volume = Math.round(contracts * (1.2 + 4 * chance(8)));
  return {
    symbol,
    contract: isCall ? "call" : "put",
    strike: toStrike(underlyingPrice * (1 + away)),
    expiry: expiries[Math.floor(EXPIRY_DAYS_MAX * chance(9) ** 2)] ?? input.session.date,
    totalPremium: usd(premiumUsd),
    askSidePremium: usd(Math.round(premiumUsd * askShare)),
    bidSidePremium: usd(Math.round(premiumUsd * (1 - askShare))),
    isSweep: chance(10) < 0.45,
    isMultiLeg,
    createdAtMs: atMs,
    underlyingPrice,
    contracts,
    tradeCount: 1 + Math.floor(30 * chance(11) ** 2),
    volume,
    openInterest: Math.round(volume * 3 * chance(12)),
    hasFloor: chance(13) < 0.08,
    isAllOpening: chance(14) < 0.35,
    rule: RULES[Math.floor(RULES.length * chance(15))] ?? "RepeatedHits",
  };
};

const countPrints = ({ key, session }: DayInput, minuteMs: number): number =>
  countAt(key ^ 0x2545f491, minuteMs / MS_PER_MINUTE, minuteMs < session.opensAtMs ? 0.06 : 0.35);

const drawPrints = (
  input: DayInput,
  { lean, minuteMs, count }: MinuteDraw,
  prints: SeededPrint[],
): void => {
  const { key, symbol } = input;
  for (let index = 0; index < count; index++) {
    const draw = (minuteMs / MS_PER_MINUTE) * 16 + index;
    const chance = (salt: number): number => uniformAt(key, draw, salt + 32);
    const executedAtMs = Math.floor(minuteMs + chance(1) * MS_PER_MINUTE);
    const quote = quoteAt(input, executedAtMs);
    // Where no price is known there was no trade either.
    if (quote === undefined) continue;
    const { bid, ask } = quote;
    const isBought = chance(2) < (1 + 1.2 * lean) / 2;
    const price = isBought ? ask : bid;
    const notionalUsd = 450_000 * Math.exp(1.1 * normalAt(key, draw, 35));
    const wanted = Math.round(notionalUsd / Math.max(1, price / 10_000) / 100) * 100;
    const size = Math.min(PRINT_SHARES_MAX, Math.max(100, wanted));
    prints.push({
      symbol,
      price,
      size,
      notional: notional(price, shares(size)),
      bid,
      ask,
      isCanceled: chance(4) < 0.01,
      executedAtMs,
      trackingId: 10_000_000 + (draw % 10_000_000),
    });
  }
};

const quoteAt = ({ feed, symbol }: DayInput, atMs: number): Quote | undefined => {
  const quote = feed.quoteOf(symbol, atMs);
  return quote !== undefined && quote.bid > 0 && quote.ask > quote.bid ? quote : undefined;
};

const middleOf = (input: DayInput, atMs: number): Price => {
  const quote = quoteAt(input, atMs);
  return quote === undefined
    ? (1_000_000 as Price)
    : (Math.round((quote.bid + quote.ask) / 2) as Price);
};

/** Strikes are half dollars below 50, whole dollars below 200, five dollars above. */
const toStrike = (units: number): Price => {
  const step = units < 500_000 ? 5_000 : units < 2_000_000 ? 10_000 : 50_000;
  return (Math.max(1, Math.round(units / step)) * step) as Price;
};

/** For every number of days ahead, the Friday on or after that day; a few texts, shared by all. */
const expiriesFrom = (date: SessionDate): readonly SessionDate[] => {
  const daysToFriday = (12 - weekdayOf(date)) % 7;
  const fridays = Array.from({ length: Math.ceil(EXPIRY_DAYS_MAX / 7) + 1 }, (_none, week) =>
    addDays(date, daysToFriday + 7 * week),
  );
  return Array.from(
    { length: EXPIRY_DAYS_MAX },
    (_none, days) => fridays[Math.ceil(Math.max(0, days - daysToFriday) / 7)] ?? date,
  );
};
