import type { Fill } from "../local/exchange/core/fill.ts";
import type { Order as ExchangeOrder } from "../local/exchange/core/order.ts";
import type { Exchange } from "../local/exchange/core/exchange.ts";
import type { AuditFlaw } from "../shared/domain/audit/audit-flaw.ts";
import type { AuditHead } from "../shared/domain/audit/audit-head.ts";
import type { Breaker } from "../shared/domain/breaker/breaker.ts";
import type { AskedVendor } from "../shared/domain/market/vendor-policy.ts";
import type { SystemHealth } from "../shared/domain/health/system-health.ts";
import type { Ticker } from "../shared/domain/market/ticker.ts";
import type { OrderEvent } from "../shared/domain/orders/order-event.ts";
import type { OrderIntent } from "../shared/domain/orders/order-intent.ts";
import type { HealingRecord } from "../shared/domain/healing/remedy.ts";
import type { ControlCell } from "../shared/domain/risk/control-cell.ts";
import type { Settings } from "../shared/domain/settings.ts";
import type { Alert } from "../shared/ports/alerts.ts";
import type { BreakerRecord } from "../shared/ports/breaker-records.ts";
import type { SubmitOutcome } from "../shared/ports/broker.ts";
import type { AlertRecord } from "../shared/ports/telemetry.ts";
import type { InjectedFault } from "./faults/fault-kind.ts";

/** The functions of a Region, by their deployed names. */
export type FunctionName =
  | "open-cycle"
  | "poll-market-data"
  | "poll-flow"
  | "close-cycle"
  | "score-signals"
  | "execute-orders"
  | "reconcile-orders"
  | "aggregate-health"
  | "notify"
  | "control-trading"
  | "keep-lease"
  | "keep-audit"
  | "redrive-dead-letters"
  | "probe-pipeline"
  | "run-diagnostics"
  | "failover";

/** The queues between the functions of a Region. */
export type QueueName = "market-data" | "orders.fifo" | "exits.fifo";

/** Who did something: one invocation of a function; `undefined` elsewhere stands for the world. */
export type Actor = {
  readonly region: string;
  readonly functionName: FunctionName;
  /** Counts the invocations of the seed from 1. */
  readonly invocation: number;
};

type OfInvocation = { readonly actor: Actor };
type OfMessage = {
  readonly region: string;
  readonly queue: QueueName;
  readonly messageId: string;
  readonly body: string;
};

/** What happened, without its moment. */
type Happening =
  | ({ readonly type: "functionStarted"; readonly isColdStart: boolean } & OfInvocation)
  | ({
      readonly type: "functionEnded";
      readonly outcome: "returned" | "threw";
      /** What it threw, by name and sentence. */
      readonly error?: string;
      /** What it answered, where it returned. */
      readonly answer?: unknown;
    } & OfInvocation)
  /** Whoever called it has given up; a zombie goes on all the same. */
  | ({ readonly type: "functionTimedOut"; readonly isZombie: boolean } & OfInvocation)
  | ({ readonly type: "functionKilled"; readonly where: string } & OfInvocation)
  /** A port call of an invocation that is over for everybody else. */
  | ({ readonly type: "zombieWentOn"; readonly where: string } & OfInvocation)
  | { readonly type: "faultStruck"; readonly fault: InjectedFault }
  | {
      readonly type: "cellWritten";
      readonly actor: Actor | undefined;
      readonly before: ControlCell | "damaged" | undefined;
      readonly after: ControlCell;
    }
  /** A conditional write of the cell that the ledger refused: the fence, or another's write. */
  | ({
      readonly type: "cellWriteRefused";
      readonly expected: { readonly version: number; readonly epoch: number };
      readonly attempted: ControlCell;
      readonly current: ControlCell | "damaged" | undefined;
    } & OfInvocation)
  | { readonly type: "cellDamaged" }
  /** The table of the ledger is gone: whoever has its name reaches nothing. */
  | { readonly type: "ledgerLost" }
  /** A new table is in its place, rebuilt from the newest backups. */
  | {
      readonly type: "ledgerRestored";
      readonly asOfMs: number;
      readonly cell: ControlCell | undefined;
    }
  /** Why it could not be: nothing was put in its place. */
  | { readonly type: "restoreRefused"; readonly detail: string }
  /** The end of the audit's chain is another one; by nobody where a restore has set it. */
  | {
      readonly type: "auditHeadWritten";
      readonly actor: Actor | undefined;
      readonly before: AuditHead | undefined;
      readonly after: AuditHead;
    }
  /** Somebody else had written the head since this one read it. */
  | ({
      readonly type: "auditHeadRefused";
      readonly attempted: AuditHead;
      readonly current: AuditHead | undefined;
    } & OfInvocation)
  /** A Region's locked store has a document more: a record, or a checkpoint. */
  | {
      readonly type: "lockedKept";
      readonly region: string;
      readonly key: string;
      readonly sequence: number;
      readonly body: string;
    }
  /** The whole chain was verified, past every fault, by what people verify it with. */
  | {
      readonly type: "auditVerified";
      readonly headSequence: number;
      readonly flaws: readonly AuditFlaw[];
    }
  | { readonly type: "historyDamaged"; readonly clientOrderId: string }
  | {
      readonly type: "eventsAppended";
      readonly actor: Actor | undefined;
      readonly clientOrderId: string;
      readonly sequence: number;
      readonly events: readonly OrderEvent[];
    }
  /** A request for an order is at the broker, late or not; whoever sent it may be dead by now. */
  | ({
      readonly type: "brokerRequestArrived";
      readonly intent: OrderIntent;
      /** When the function sent it, true time. */
      readonly sentAtMs: number;
      /** The version of the cell that the guard approved it against. */
      readonly cellVersion: number;
      readonly outcome: SubmitOutcome["type"];
      /** The broker's words where it refused. */
      readonly reason: string | undefined;
      /** Until when no answer of the broker shows the order, true time; absent where it is shown. */
      readonly hiddenUntilMs: number | undefined;
    } & OfInvocation)
  /** What the function was told of its order. */
  | ({
      readonly type: "brokerAnswered";
      readonly clientOrderId: string;
      readonly outcome: SubmitOutcome["type"];
    } & OfInvocation)
  /** An order of the exchange is new (`before` is undefined) or another than it was. */
  | {
      readonly type: "brokerOrderChanged";
      readonly before: ExchangeOrder | undefined;
      readonly order: ExchangeOrder;
    }
  | { readonly type: "brokerFill"; readonly fill: Fill }
  /** A request for prices has left its function. */
  | ({
      readonly type: "vendorAsked";
      readonly vendor: AskedVendor;
      readonly symbols: number;
    } & OfInvocation)
  /** What a function has read of the breakers that its Region shares; not told while all are well. */
  | ({ readonly type: "breakersRead"; readonly breakers: readonly BreakerRecord[] } & OfInvocation)
  /** What all functions of a Region know of a vendor from now on. */
  | ({
      readonly type: "breakerWritten";
      /** `<vendor>.<operation>`, or `<vendor>.<operation>.<SYMBOL>`. */
      readonly name: string;
      readonly breaker: Breaker;
    } & OfInvocation)
  | ({ readonly type: "cancelAsked"; readonly brokerOrderId: string } & OfInvocation)
  | ({ readonly type: "messageSent"; readonly group: string | undefined } & OfMessage)
  | ({ readonly type: "messageDelivered"; readonly receiveCount: number } & OfMessage)
  | ({ readonly type: "messageRemoved" } & OfMessage)
  /** Whoever had it is done with it, and wants it to come again. */
  | ({ readonly type: "messageReturned" } & OfMessage)
  | ({ readonly type: "messageDeadLettered"; readonly cause: "receives" | "hopeless" } & OfMessage)
  /** It was brought back before, or is in the archive now. */
  | ({ readonly type: "deadLetterRemoved" } & OfMessage)
  /** A document is in the archive of a Region, or gone from it. */
  | ({ readonly type: "archived"; readonly key: string } & OfInvocation)
  | ({ readonly type: "unarchived"; readonly key: string } & OfInvocation)
  /** A batch of ticks is on a Region's tape; `key` is where it would lie in the archive. */
  | ({ readonly type: "ticksStored"; readonly key: string } & OfInvocation)
  /** An alert on the topic: our own, or the alarm of a queue with dead letters. */
  | { readonly type: "alertRaised"; readonly region: string; readonly alert: Alert }
  | { readonly type: "paged"; readonly region: string; readonly alert: Alert }
  /** What is remembered of an alert, told or not told yet. */
  | ({ readonly type: "alertKept"; readonly record: AlertRecord } & OfInvocation)
  /** The log of healing has grown, or one of its records has found its end. */
  | ({ readonly type: "healingNoted"; readonly record: HealingRecord } & OfInvocation)
  /** Something that healing or the probe wrote to a table, the cell of the account left out. */
  | ({
      readonly type: "tendingWrote";
      readonly table: "ledger" | "telemetry";
      readonly partition: string;
      readonly document: unknown;
    } & OfInvocation)
  /** The record of what was signed is another one, signed or not. */
  | {
      readonly type: "signedRecordWritten";
      readonly actor: Actor | undefined;
      /** The second copy, for the day on which the first is lost. */
      readonly isSpare: boolean;
      readonly document: unknown;
    }
  /** A Region runs another configuration from here on: the signed one, or one that nobody signed. */
  | { readonly type: "configurationDeployed"; readonly region: string; readonly isSigned: boolean }
  /** A vendor of all, or the broker, answers nobody before `untilMs`. */
  | {
      readonly type: "outageBegan";
      readonly of: "broker" | "every vendor" | "ledger";
      readonly untilMs: number;
    }
  | { readonly type: "slotStarted"; readonly region: string; readonly schedule: string }
  | {
      readonly type: "takeover";
      readonly from: string;
      readonly to: string;
      readonly epoch: number;
    }
  | { readonly type: "regionIsolated"; readonly region: string }
  | { readonly type: "regionHealed"; readonly region: string }
  | {
      readonly type: "operatorAsked";
      readonly region: string;
      readonly act: OperatorAct;
      readonly by: string;
    }
  | {
      readonly type: "operatorAnswered";
      readonly region: string;
      readonly act: OperatorAct;
      readonly by: string;
      /** 504 where no answer came. */
      readonly status: number;
      readonly body: string;
    }
  | { readonly type: "split"; readonly symbol: string; readonly ratio: number }
  /** Liveness mode: from here on nothing goes wrong any more. */
  | { readonly type: "faultsStopped" };

/** What an operator asks of the API. */
export type OperatorAct = "halt" | "flatten" | "requestResume" | "approveResume" | "reconcile";

/** Something that happened in the simulated world, in its order; `atMs` is virtual epoch time. */
export type Observation = Happening & { readonly atMs: number };

/** The name of an observation. */
export type ObservationType = Observation["type"];

/** A queue at one moment. */
type QueueView = {
  readonly waiting: number;
  readonly inFlight: number;
  readonly dead: number;
};

/** A Region at one moment. */
export type RegionView = {
  readonly name: string;
  /** The ledger does not answer it, nor does anything that needs the other Region. */
  readonly isIsolated: boolean;
  readonly queues: Readonly<Record<QueueName, QueueView>>;
  /** What health was last derived here, or undefined. */
  readonly health: SystemHealth | undefined;
  /** Keys of alerts that were triggered here and not resolved. */
  readonly openAlerts: readonly string[];
};

/** The whole world at one moment, read past every fault: what invariants are held against. */
export type WorldView = {
  /** The true time, epoch ms; every function's own clock may be off. */
  readonly nowMs: number;
  readonly settings: Settings;
  readonly cell: () => ControlCell | "damaged" | undefined;
  /** An order's history as it is stored; empty where there is none. */
  readonly eventsOf: (clientOrderId: string) => readonly OrderEvent[];
  /** Every order that has a history, in the order of their first events. */
  readonly clientOrderIds: () => readonly string[];
  readonly exchange: Exchange;
  /** The newest time stamps of a symbol that the vendors have shown so far, epoch ms. */
  readonly shown: (symbol: Ticker) => { readonly quoteMs: number; readonly flowMs: number };
  readonly regions: readonly RegionView[];
};
