import { createChaosBroker } from "../../shared/adapters/chaos/chaos-broker.ts";
import type { ChaosControl } from "../../shared/adapters/chaos/chaos-control.ts";
import {
  createChaosClock,
  createChaosLedger,
  createChaosTelemetry,
} from "../../shared/adapters/chaos/chaos-stores.ts";
import { createChaosDoor, createChaosFlow } from "../../shared/adapters/chaos/chaos-vendors.ts";
import { createExchangeCalendar } from "../../shared/adapters/exchange-calendar/exchange-calendar.ts";
import type { FunctionPorts } from "../function-ports.ts";

/** The ports of a world as chaos leaves them; what is not broken is passed on as it is. */
export const disturbPorts = (ports: FunctionPorts, chaos: ChaosControl): FunctionPorts => {
  const broker = createChaosBroker(ports.broker, chaos);
  return {
    ...ports,
    broker,
    calendar: createExchangeCalendar({ broker }),
    ledger: createChaosLedger(ports.ledger, chaos),
    telemetry: createChaosTelemetry(ports.telemetry, chaos),
    marketData: createChaosDoor(ports.marketData, chaos),
    flow: createChaosFlow(ports.flow, chaos),
    clock: createChaosClock(ports.clock, chaos),
  };
};
