import * as z from "zod";
import type { Ticker } from "../../domain/market/ticker.ts";
import type { FlowAlert, FlowEvidence } from "../../domain/signals/flow.ts";
import { ok, type Result } from "../../domain/result.ts";
import type { VendorFault } from "../../ports/vendor-fault.ts";
import { describeMismatch } from "../http/safe-text.ts";
import type { VendorReader } from "../http/vendor-reader.ts";
import { WirePremium, WirePrice, WireTime } from "./wire-types.ts";

/** The alerts of a symbol, or why those that the vendor sent cannot be used. */
export type AlertsReading =
  | { readonly type: "read"; readonly alerts: NonNullable<FlowEvidence["flowAlerts"]> }
  | { readonly type: "unreadable"; readonly detail: string };

/** What one call brought. */
export type AlertsAnswer = {
  /** Only symbols with alerts; none is no evidence, not neutral evidence. */
  readonly readings: ReadonlyMap<Ticker, AlertsReading>;
  /** The list was as long as lists get: older alerts of the window may be missing. */
  readonly isFull: boolean;
  readonly headers: Readonly<Record<string, string>>;
};

/** The most alerts that the vendor gives at once. */
const ALERTS_MAX = 200;

/**
 * The newest alerts on the symbols since `sinceMs`, in one call. A symbol with an alert that does
 * not match the contract has none: the sentiment of a part of them may be the wrong way round.
 */
export const fetchFlowAlerts = async (
  reader: VendorReader,
  symbols: readonly Ticker[],
  sinceMs: number,
): Promise<Result<AlertsAnswer, VendorFault>> => {
  const since = encodeURIComponent(new Date(sinceMs).toISOString());
  const query = `ticker_symbol=${symbols.join(",")}&newer_than=${since}&limit=${ALERTS_MAX}`;
  const reading = await reader.read(`/api/option-trades/flow-alerts?${query}`, Alerts);
  if (!reading.ok) return reading;
  const { data } = reading.value.value;
  const readings = new Map<Ticker, AlertsReading>();
  for (const symbol of symbols) {
    const own = data.filter((wire) => wire.ticker === symbol);
    const alerts = own.length === 0 ? undefined : readAlerts(symbol, own);
    if (alerts !== undefined) readings.set(symbol, alerts);
  }
  const isFull = data.length >= ALERTS_MAX;
  return ok({ readings, isFull, headers: reading.value.headers });
};

const readAlerts = (symbol: Ticker, own: readonly object[]): AlertsReading => {
  const alerts: FlowAlert[] = [];
  let newestAtMs: number | undefined;
  for (const wire of own) {
    const parsed = Alert.safeParse(wire);
    if (!parsed.success) return { type: "unreadable", detail: describeMismatch(parsed.error) };
    const alert = alertOf(symbol, parsed.data);
    alerts.push(alert);
    if (alert.createdAtMs !== undefined) {
      newestAtMs = Math.max(newestAtMs ?? alert.createdAtMs, alert.createdAtMs);
    }
  }
  return newestAtMs === undefined
    ? { type: "unreadable", detail: "created_at: expected a time on at least one alert" }
    : { type: "read", alerts: { alerts, observedAtMs: newestAtMs } };
};

const Alerts = z.object({ data: z.array(z.looseObject({ ticker: z.string() })).max(1_000) });

const Alert = z.object({
  created_at: WireTime.nullish(),
  type: z
    .string()
    .transform((word) => word.toLowerCase())
    .pipe(z.enum(["call", "put"])),
  strike: WirePrice,
  expiry: z.iso.date(),
  total_premium: WirePremium,
  total_ask_side_prem: WirePremium,
  total_bid_side_prem: WirePremium,
  has_sweep: z.boolean(),
  has_multileg: z.boolean(),
});

const alertOf = (symbol: Ticker, wire: z.output<typeof Alert>): FlowAlert => ({
  symbol,
  contract: wire.type,
  strike: wire.strike,
  expiry: wire.expiry,
  totalPremium: wire.total_premium,
  askSidePremium: wire.total_ask_side_prem,
  bidSidePremium: wire.total_bid_side_prem,
  isSweep: wire.has_sweep,
  isMultiLeg: wire.has_multileg,
  createdAtMs: wire.created_at ?? undefined,
});
