import { isOpen, remainingQuantity } from "../../local/exchange/core/order.ts";
import { parseClientOrderId } from "../../shared/domain/orders/client-order-id.ts";
import type { Claim, ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { Observation } from "../observation.ts";
import { claimsMade } from "./facts.ts";
import {
  broken,
  type Finding,
  HOLDS,
  type Invariant,
  judgeBy,
  type Scene,
  SKEW_MAX_MS,
} from "./invariant.ts";
import { createDayLimits } from "./limits-of-day.ts";
import { areSigned } from "./signed-limits.ts";

/** A price times a quantity, in the units of money. */
const UNITS = 10_000_000;

/**
 * (4) Filled, working and reserved stay within the limits of the account, the symbol and the day.
 * Counted here anew: by the ledger's own cell whenever an entry is claimed, and by what the broker
 * really has whenever one arrives there. A claim reserves what its order may cost, the account is
 * read as it is, and behind a loss beyond the limit no entry is allowed.
 */
export const createWithinLimits = (): Invariant => {
  const arrivals = new Map<string, number>();
  const day = createDayLimits();
  return {
    name: "within-limits",
    judge: judgeBy({
      ledgerRestored: ({ cell }) => {
        day.startAnew(cell);
        return HOLDS;
      },
      cellWritten: (written, scene) => {
        if (written.before === undefined || written.before === "damaged") {
          day.startAnew(written.after);
          return HOLDS;
        }
        return [...judgeClaims(written, scene), ...day.judgeReading(written, scene)];
      },
      brokerRequestArrived: (arrived, scene) =>
        arrived.outcome === "acknowledged" && arrived.intent.purpose === "entry"
          ? [
              ...judgeCooldown(arrived, scene, arrivals),
              ...judgeArrival(arrived, scene),
              ...day.judgeEntry(arrived, scene),
            ]
          : HOLDS,
    }),
  };
};

const judgeClaims = (
  { before, after, actor }: Extract<Observation, { type: "cellWritten" }>,
  { view }: Scene,
): readonly Finding[] => {
  if (actor?.functionName !== "execute-orders") return HOLDS;
  if (before === undefined || before === "damaged") return HOLDS;
  return claimsMade(before, after)
    .filter(({ purpose }) => purpose === "entry")
    .flatMap((claim) => {
      const { clientOrderId } = claim;
      const findings: Finding[] = exceeded(after, claim).map((limit) => ({
        detail: `A claim went beyond ${limit}.`,
        clientOrderId,
      }));
      const [first] = view.eventsOf(clientOrderId);
      const pricing = first?.type === "intentRecorded" ? first.intent.pricing : undefined;
      if (pricing?.type === "limit" && claim.price < pricing.limitPrice) {
        findings.push({ detail: "A claim reserves less than its order may cost.", clientOrderId });
      }
      return findings;
    });
};

/** The names of the limits that a cell with this entry's claim in it does not keep. */
const exceeded = (cell: ControlCell, claim: Claim): readonly string[] => {
  const { limits, accountReading, day, holdings } = cell;
  const { symbol, side, claimedAtMs } = claim;
  if (accountReading === null) return ["what is known of the account"];
  const claims = Object.values(cell.inFlight);
  const entries = claims.filter(({ purpose }) => purpose === "entry");
  const inSymbol = entries.filter(({ symbol }) => symbol === claim.symbol);
  const signed = holdings[symbol]?.quantity ?? 0;
  const held = Math.abs(signed);
  const position = (claim.price * (held + sum(inSymbol.map(open)))) / UNITS;
  const invested = sum(
    Object.values(holdings).map(
      ({ quantity, averagePrice }) => ((averagePrice ?? claim.price) * Math.abs(quantity)) / UNITS,
    ),
  );
  const reserved = sum(entries.map((one) => (one.price * open(one)) / UNITS));
  const { equity, buyingPower } = accountReading;
  const checks: readonly (readonly [string, boolean])[] = [
    ["maxPositionSize", isOver(position, limits.maxPositionSize)],
    [
      "maxNotionalPerOrder",
      isOver((claim.price * claim.quantity) / UNITS, limits.maxNotionalPerOrder),
    ],
    [
      "maxConcentrationPerSymbolPct",
      isOver(position, (equity * limits.maxConcentrationPerSymbolPct) / 100),
    ],
    [
      "maxPortfolioExposurePct",
      isOver(invested + reserved, (equity * limits.maxPortfolioExposurePct) / 100),
    ],
    ["the buying power", isOver(reserved, buyingPower)],
    ["maxEntriesPerDay", (day?.entries ?? 0) > limits.maxEntriesPerDay],
    ["allowShortSelling", side === "sell" && signed <= 0 && !limits.allowShortSelling],
    ["the side of what is held", side === "sell" ? signed > 0 : signed < 0],
    ["maxAccountAgeMs", claimedAtMs - accountReading.observedAtMs > limits.maxAccountAgeMs + SKEWS],
    [
      "rejectsToLatch",
      (day?.rejects ?? []).some(
        (one) => one.symbol === symbol && one.count >= limits.rejectsToLatch,
      ),
    ],
    [
      "maxInFlight",
      claims.filter(({ stage }) => stage !== "protecting").length > limits.maxInFlight,
    ],
  ];
  return checks.filter(([, isBroken]) => isBroken).map(([name]) => name);
};

/** What one function has stamped another one reads by its own clock. */
const SKEWS = 2 * SKEW_MAX_MS;

/** Sums of rounded products may be off by a millionth of a dollar each. */
const isOver = (value: number, most: number): boolean => value > most + 100;

const open = ({ stage, quantity, filled }: Claim): number =>
  stage === "protecting" ? 0 : Math.max(0, quantity - filled);

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** Entries of a symbol reach the broker no closer together than the cooldown allows. */
const judgeCooldown = (
  observation: Extract<Observation, { type: "brokerRequestArrived" }>,
  { facts, view }: Scene,
  arrivals: Map<string, number>,
): readonly Finding[] => {
  const { symbol, clientOrderId } = observation.intent;
  const claim = facts.claimAt(clientOrderId, observation.cellVersion);
  const lastAtMs = arrivals.get(symbol);
  if (claim === undefined) return HOLDS;
  const claimedAtMs = claim.atMs;
  // An order that was given up and came late is none that a cooldown could have counted from.
  const isLate = facts.cell()?.inFlight[clientOrderId] === undefined;
  if (!isLate) arrivals.set(symbol, Math.max(lastAtMs ?? 0, claimedAtMs));
  if (lastAtMs === undefined || isLate || facts.disturbedAtMs(symbol) !== undefined) return HOLDS;
  // How soon limits that somebody moved are noticed is judged elsewhere.
  if (!areSigned(claim.against.limits, view.settings)) return HOLDS;
  const coolDownMs = view.settings.limits.minCooldownMinutes * 60_000 - 2 * SKEW_MAX_MS;
  return Math.abs(claimedAtMs - lastAtMs) < coolDownMs
    ? broken(`Two entries in ${symbol} within the cooldown.`, clientOrderId)
    : HOLDS;
};

/** What the broker has of a symbol, and what its entries may still add, at this order's price. */
const judgeArrival = (
  { intent, cellVersion }: Extract<Observation, { type: "brokerRequestArrived" }>,
  { facts, view }: Scene,
): readonly Finding[] => {
  const { symbol, clientOrderId, pricing } = intent;
  const against = facts.claimAt(clientOrderId, cellVersion)?.against;
  if (against !== undefined && !areSigned(against.limits, view.settings)) return HOLDS;
  if (facts.disturbedAtMs(symbol) !== undefined || pricing.type !== "limit") return HOLDS;
  const query = { status: "open", limit: 500, direction: "asc", symbols: [symbol] } as const;
  const working = view.exchange
    .listOrders(query)
    .filter((order) => order.role === "entry" && isOpen(order))
    .filter((order) => parseClientOrderId(order.clientOrderId) !== undefined)
    .map(remainingQuantity);
  const held = Math.abs(view.exchange.getPosition(symbol)?.quantity ?? 0);
  const value = (pricing.limitPrice * (held + sum(working))) / UNITS;
  return isOver(value, view.settings.limits.maxPositionSize)
    ? broken(`The broker's orders and shares of ${symbol} exceed maxPositionSize.`, clientOrderId)
    : HOLDS;
};
