import { createAlpacaBroker } from "../../../shared/adapters/alpaca/broker.ts";
import { createExchangeCalendar } from "../../../shared/adapters/exchange-calendar/exchange-calendar.ts";
import { createRulesCalendar } from "../../../shared/adapters/exchange-calendar/rules-calendar.ts";
import { describeCalendar } from "../../contracts/calendar.ts";
import { startExchangeWorld } from "../exchange-world.ts";

describeCalendar("The rules alone", () =>
  Promise.resolve({
    calendar: createRulesCalendar(),
    setNowMs: () => undefined,
    close: () => Promise.resolve(),
  }),
);

describeCalendar("The rules and the broker's clock", async (startsAtMs) => {
  const world = await startExchangeWorld(startsAtMs);
  return {
    calendar: createExchangeCalendar({ broker: createAlpacaBroker(world) }),
    setNowMs: world.setNowMs,
    close: world.close,
  };
});
