import type { Prompt } from "../../shared/adapters/memory/at-once.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import { err, type Result } from "../../shared/domain/result.ts";
import type { MessageSender } from "../../shared/ports/message-queue.ts";
import type { VendorFault } from "../../shared/ports/vendor-fault.ts";
import type { FaultPlace } from "../faults/fault-control.ts";
import type { CallPort, CallTime } from "../faults/port-calls.ts";
import type { Reachable } from "./reachable.ts";
import { faultOf } from "./broker-side.ts";

/** A call of a table, one way. */
export const STORE_TIME: CallTime = { leastMs: 1, spreadMs: 3 };

/** A call of a queue, a topic or a bucket. */
export const QUEUE_TIME: CallTime = { leastMs: 3, spreadMs: 5 };

/** A call of a vendor. */
export const VENDOR_TIME: CallTime = { leastMs: 15, spreadMs: 60 };

/** Whoever is called takes its own time. */
export const NO_TIME: CallTime = { leastMs: 0, spreadMs: 0 };

/** What a caller of a service sees whose call failed for good: the adapters of the cloud throw it. */
export const unanswered =
  (service: string) =>
  (detail: string): never => {
    throw new RetryableError(`${service} failed. ${detail}`);
  };

type Interposed = {
  readonly name: string;
  readonly time: CallTime;
  /** Methods that only read, of a store that promises no order: one event each. */
  readonly reads?: readonly string[];
  readonly lost: (detail: string) => unknown;
};

/** Puts every method of a port behind the faults of port calls. */
export const interpose = <Port extends object>(
  port: Prompt<Port>,
  reach: Reachable,
  call: CallPort,
  { name, time: usual, reads, lost }: Interposed,
): Port => {
  const inOneEvent: CallTime = { ...usual, isOneEvent: true };
  const interposed: Record<string, unknown> = {};
  for (const method of Object.keys(port)) {
    const act = (port as Readonly<Record<string, unknown>>)[method];
    if (typeof act !== "function") {
      interposed[method] = act;
      continue;
    }
    const time = reads?.includes(method) === true ? inOneEvent : usual;
    // Most environments call few of the methods that they have.
    let place: FaultPlace | undefined;
    interposed[method] = (...given: readonly unknown[]): Promise<unknown> =>
      call({
        place: (place ??= reach.placeOf(`${name}.${method}`)),
        time,
        effect: () => act(...given) as unknown,
        lost,
      });
  }
  // Every method has the type of the one that it stands before.
  return interposed as Port;
};

/** A queue as its senders reach it. */
export const senderPort = (
  sender: Prompt<MessageSender>,
  name: string,
  reach: Reachable,
  call: CallPort,
): MessageSender =>
  interpose<MessageSender>({ send: sender.send }, reach, call, {
    name,
    time: QUEUE_TIME,
    lost: unanswered("The queue"),
  });

/** What a caller of a vendor is told whose call failed for good. */
export const lostAtVendor = (detail: string): Result<never, VendorFault> =>
  err(faultOf("NETWORK", detail));
