import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createExchangeCalendar } from "../../../shared/adapters/exchange-calendar/exchange-calendar.ts";
import { marketPhase } from "../../../shared/domain/market/calendar.ts";
import { err, ok, type Result } from "../../../shared/domain/result.ts";
import type { BrokerClock } from "../../../shared/ports/broker.ts";
import type { VendorFault } from "../../../shared/ports/vendor-fault.ts";

const openMs = Date.parse("2013-10-07T13:41:00Z");
const closeMs = Date.parse("2013-10-07T20:00:00Z");
const clockAt = (atMs: number, changes: Partial<BrokerClock> = {}): BrokerClock => ({
  atMs,
  isOpen: true,
  nextOpenMs: Date.parse("2013-10-08T13:30:00Z"),
  nextCloseMs: closeMs,
  ...changes,
});
const fault: VendorFault = {
  type: "VendorFault",
  vendor: "alpaca",
  class: "NETWORK",
  detail: "No answer.",
};

const calendarWith = (readings: readonly Result<BrokerClock, VendorFault>[]) => {
  let count = 0;
  const readClock = () => Promise.resolve(readings[count++] ?? err(fault));
  return { calendar: createExchangeCalendar({ broker: { readClock } }), readCount: () => count };
};

describe("the exchange's calendar", () => {
  it("is open when the rules and the broker both say so", async () => {
    const { calendar } = calendarWith([ok(clockAt(openMs))]);
    expect(await calendar.momentOf(openMs)).toEqual(ok(marketPhase(openMs)));
  });

  it("is closed when the broker says so, and when it cannot be asked a fault", async () => {
    const closed = clockAt(openMs, { isOpen: false, nextOpenMs: openMs });
    const { calendar } = calendarWith([ok(closed), err(fault)]);
    expect(await calendar.momentOf(openMs)).toMatchObject({ ok: true, value: { phase: "closed" } });
    expect(await calendar.momentOf(openMs)).toEqual(err(fault));
  });

  it("stays closed until the broker said that it opens, while it cannot be asked", async () => {
    const nextOpenMs = openMs + 60_000;
    const closed = ok(clockAt(openMs, { isOpen: false, nextOpenMs }));
    const unknown = { ...fault, class: "AUTH_ERROR" } as const;
    const { calendar } = calendarWith([closed, err(fault), err(fault), err(unknown)]);
    for (let asked = 0; asked < 3; asked++) {
      const moment = await calendar.momentOf(openMs + asked);
      expect(moment).toMatchObject({ ok: true, value: { phase: "closed" } });
    }
    expect(await calendar.momentOf(openMs + 3)).toEqual(err(unknown));
    const { calendar: later } = calendarWith([closed, err(fault)]);
    await later.momentOf(openMs);
    expect(await later.momentOf(nextOpenMs)).toEqual(err(fault));
  });

  it("never calls open what either of the two does not", async () => {
    const atMs = fc.integer({ min: Date.UTC(2013, 0), max: Date.UTC(2027, 0) });
    await fc.assert(
      fc.asyncProperty(atMs, fc.boolean(), async (nowMs, isOpen) => {
        const nextCloseMs = nowMs + 60_000;
        const { calendar } = calendarWith([ok(clockAt(nowMs, { isOpen, nextCloseMs }))]);
        const moment = await calendar.momentOf(nowMs);
        const bothOpen = isOpen && marketPhase(nowMs).phase === "open";
        expect(moment.ok && moment.value.phase === "open").toBe(bothOpen);
      }),
    );
  });

  it("ends the session when the broker does, if that is earlier", async () => {
    const nextCloseMs = closeMs - 3 * 60 * 60_000;
    const { calendar } = calendarWith([ok(clockAt(openMs, { nextCloseMs }))]);
    expect(await calendar.momentOf(openMs)).toMatchObject({
      value: { phase: "open", session: { closesAtMs: nextCloseMs } },
    });
  });

  it("asks the broker again after half a minute, and at once while it says closed", async () => {
    const closed = ok(clockAt(openMs, { isOpen: false }));
    const { calendar, readCount } = calendarWith([
      closed,
      ok(clockAt(openMs)),
      ok(clockAt(openMs + 31_000)),
    ]);
    const counts: number[] = [];
    for (const laterMs of [0, 1, 1_000, 30_000, 31_000]) {
      await calendar.momentOf(openMs + laterMs);
      counts.push(readCount());
    }
    expect(counts).toEqual([1, 2, 2, 2, 3]);
  });

  it("does not ask the broker when the rules say closed", async () => {
    const { calendar, readCount } = calendarWith([]);
    const sundayMs = Date.parse("2013-10-06T15:00:00Z");
    expect(await calendar.momentOf(sundayMs)).toEqual(ok(marketPhase(sundayMs)));
    expect(readCount()).toBe(0);
  });
});
