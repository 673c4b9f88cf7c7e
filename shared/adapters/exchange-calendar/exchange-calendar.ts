import { marketPhase, type MarketMoment, type Session } from "../../domain/market/calendar.ts";
import { ok } from "../../domain/result.ts";
import type { Broker, BrokerClock } from "../../ports/broker.ts";
import type { MarketCalendar } from "../../ports/calendar.ts";
import { isTransient } from "../../ports/vendor-fault.ts";

/** How long the broker's clock is believed without asking again; its answers count for a minute. */
const REUSE_MAX_MS = 30_000;

/**
 * The market is open only when the exchange's rules and the broker's clock both say so: where they
 * disagree it is closed, and where the broker cannot be asked it is a fault, save until the moment
 * before which it has said that it does not open. A session that the broker ends earlier than the
 * rules do ends when the broker says.
 */
export const createExchangeCalendar = (deps: {
  readonly broker: Pick<Broker, "readClock">;
}): MarketCalendar => {
  let known: BrokerClock | undefined;
  return {
    momentOf: async (nowMs) => {
      const byRules = marketPhase(nowMs);
      // What the rules call closed is closed, whatever the broker would say.
      if (byRules.phase !== "open" || byRules.session === undefined) return ok(byRules);
      if (known !== undefined && stillHolds(known, nowMs)) {
        return ok(agreed(byRules.session, known, nowMs));
      }
      const reading = await deps.broker.readClock();
      if (!reading.ok && isTransient(reading.error) && isClosedUntilLater(known, nowMs)) {
        return ok({ phase: "closed", session: byRules.session });
      }
      known = reading.ok ? reading.value : undefined;
      return reading.ok ? ok(agreed(byRules.session, reading.value, nowMs)) : reading;
    },
  };
};

/** Only "open" is kept: the first minute of a session must not wait for an old "closed". */
const stillHolds = (clock: BrokerClock, nowMs: number): boolean =>
  clock.isOpen && Math.abs(nowMs - clock.atMs) <= REUSE_MAX_MS && nowMs < clock.nextCloseMs;

/** A day that the exchange does not open is none on which exits go by the rules alone. */
const isClosedUntilLater = (clock: BrokerClock | undefined, nowMs: number): boolean =>
  clock !== undefined && !clock.isOpen && nowMs < clock.nextOpenMs;

const agreed = (session: Session, clock: BrokerClock, nowMs: number): MarketMoment => {
  if (!clock.isOpen || nowMs >= clock.nextCloseMs) return { phase: "closed", session };
  return clock.nextCloseMs < session.closesAtMs
    ? { phase: "open", session: { ...session, closesAtMs: clock.nextCloseMs, isHalfDay: true } }
    : { phase: "open", session };
};
