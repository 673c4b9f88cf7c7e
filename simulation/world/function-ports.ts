import { createExchangeCalendar } from "../../shared/adapters/exchange-calendar/exchange-calendar.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import { createStoredBreakerRecords } from "../../shared/adapters/stored/breaker-records.ts";
import { createStoredHealing } from "../../shared/adapters/stored/healing.ts";
import { createStoredLeases } from "../../shared/adapters/stored/leases.ts";
import { createStoredLedger } from "../../shared/adapters/stored/ledger.ts";
import { createStoredTickStore } from "../../shared/adapters/stored/tick-store.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import { createRecordAudit } from "../../shared/use-cases/audit/record-audit.ts";
import type { ItemStore } from "../../shared/adapters/stored/item-store.ts";
import type { Alerts } from "../../shared/ports/alerts.ts";
import type { Archive } from "../../shared/ports/archive.ts";
import type { Flow } from "../../shared/ports/flow.ts";
import type { MessageSender } from "../../shared/ports/message-queue.ts";
import type { TickStore } from "../../shared/ports/tick-store.ts";
import { bufferKeyOf } from "../../shared/use-cases/tick-buffer.ts";
import type { TendedDoor } from "../../shared/use-cases/tend-dead-letters.ts";
import type { FunctionPorts } from "../../local/function-ports.ts";
import type { Engine } from "../engine/engine.ts";
import type { CallPort } from "../faults/port-calls.ts";
import type { QueueName } from "../observation.ts";
import { createAuditing } from "./audit-ports.ts";
import { createBrokerPort, withinBudget } from "./broker-port.ts";
import {
  interpose,
  lostAtVendor,
  NO_TIME,
  QUEUE_TIME,
  senderPort,
  STORE_TIME,
  unanswered,
  VENDOR_TIME,
} from "./interpose.ts";
import { createLedgerPort } from "./ledger-port.ts";
import type { Reachable } from "./reachable.ts";
import { createConfigurationPort, watchTelemetry } from "./tending-ports.ts";
import { createGatewayPort } from "./vendor-ports.ts";

/** Builds the ports of one environment: production adapters as far in as the world allows. */
export const createFunctionPorts = (reach: Reachable, call: CallPort): FunctionPorts => {
  const ledgerItems = createLedgerPort(reach, call);
  const watched = watchTelemetry(reach.telemetryStore, reach);
  const telemetryItems = interpose<ItemStore>(watched, reach, call, TELEMETRY);
  const telemetry = createStoredTelemetry(telemetryItems, { region: reach.region });
  const alerts = interpose<Alerts>(reach.alerts, reach, call, ALERTS);
  const { clock, random, settings } = reach;
  const broker = withinBudget(createBrokerPort(reach, call), reach, telemetryItems);
  const queues = {
    marketData: senderPort(reach.queues.marketData, "market-data", reach, call),
    orders: senderPort(reach.queues.orders, "orders", reach, call),
    exits: interpose<Exits>(reach.queues.exits, reach, call, asQueue("exits")),
  };
  const doorOf = (queue: QueueName, live: MessageSender): TendedDoor => ({
    live,
    dead: interpose<Dead>(reach.deadOf(queue), reach, call, asQueue(`${queue} dead letters`)),
  });
  const ledger = createStoredLedger(ledgerItems);
  const pause = {
    wait: (ms: number) =>
      call({
        place: reach.placeOf("pause"),
        time: NO_TIME,
        effect: () => wait(reach.engine, ms),
        lost: () => undefined,
      }),
  };
  const auditing = createAuditing(reach, call, ledgerItems);
  const audit = createRecordAudit({ ...auditing, clock, pause, random, digest: sha256, settings });
  const writer = { ledger, telemetry, alerts, clock, random, pause, audit };
  return {
    ledger,
    leases: createStoredLeases(ledgerItems),
    healing: createStoredHealing(telemetryItems, { region: reach.region }),
    breakers: createStoredBreakerRecords(telemetryItems, { region: reach.region }),
    auditing,
    resetConnections: () => undefined,
    signedConfiguration: createConfigurationPort(writer, ledgerItems, reach),
    telemetry,
    archive: interpose<Archive>(watchArchive(reach), reach, call, ARCHIVE),
    broker,
    marketData: createGatewayPort({
      reach,
      call,
      telemetryItems,
      telemetry,
      alerts,
      clock,
      random,
      settings,
    }),
    flow: createFlowPort(reach, call),
    calendar: createExchangeCalendar({ broker }),
    alerts,
    pager: interpose<FunctionPorts["pager"]>(reach.pager, reach, call, PAGER),
    clock,
    random,
    pause,
    queues,
    doors: {
      exits: doorOf("exits.fifo", queues.exits),
      orders: doorOf("orders.fifo", queues.orders),
      "market-data": doorOf("market-data", queues.marketData),
    },
    ticks: watchTicks(createStoredTickStore(telemetryItems, { region: reach.region }), reach),
    deadLettersOf: (name) =>
      senderPort(reach.deadLettersOf(name), `${name} dead letters`, reach, call),
  };
};

type Exits = FunctionPorts["queues"]["exits"];
type Dead = TendedDoor["dead"];

const TELEMETRY = {
  name: "telemetry",
  time: STORE_TIME,
  reads: ["get", "getRaw", "query", "getMany"],
  lost: unanswered("The telemetry table"),
} as const;

const ALERTS = { name: "alerts", time: QUEUE_TIME, lost: unanswered("The alerts topic") } as const;

const ARCHIVE = { name: "archive", time: QUEUE_TIME, lost: unanswered("The archive") } as const;

const PAGER = { name: "pager", time: VENDOR_TIME, lost: () => "retryLater" } as const;

/** How a queue takes its calls. */
const asQueue = (name: string) => ({ name, time: QUEUE_TIME, lost: unanswered("The queue") });

const watchArchive = ({ archive, observe, actorOf }: Reachable): Archive => ({
  ...archive,
  write: async (key, body) => {
    await archive.write(key, body);
    observe({ type: "archived", actor: actorOf(), key });
  },
  remove: async (key) => {
    await archive.remove(key);
    observe({ type: "unarchived", actor: actorOf(), key });
  },
});

const watchTicks = (ticks: TickStore, { observe, actorOf, region }: Reachable): TickStore => ({
  ...ticks,
  append: async (batch) => {
    await ticks.append(batch);
    observe({ type: "ticksStored", actor: actorOf(), key: bufferKeyOf(region, batch) });
  },
});

const wait = (engine: Engine, ms: number): Promise<void> =>
  new Promise((resolve) => {
    engine.after(Math.ceil(ms), () => {
      engine.wake();
      resolve();
    });
  });

const createFlowPort = ({ vendorSide, placeOf }: Reachable, call: CallPort): Flow => {
  const place = placeOf("flow.fetchEvidence");
  return {
    fetchEvidence: (symbols) =>
      call({
        place,
        time: VENDOR_TIME,
        effect: (occasion) => vendorSide.fetchEvidence(symbols, occasion, place.name),
        lost: lostAtVendor,
      }),
  };
};
