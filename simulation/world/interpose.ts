import { RetryableError } from "../../shared/domain/fault.ts";
import { err, type Result } from "../../shared/domain/result.ts";
import type { MessageSender } from "../../shared/ports/message-queue.ts";
import type { VendorFault } from "../../shared/ports/vendor-fault.ts";
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
  port: Port,
  reach: Reachable,
  call: CallPort,
  { name, time: usual, reads, lost }: Interposed,
): Port => {
  const methods = Object.entries(port).map(([method, act]: [string, unknown]) => {
    if (typeof act !== "function") return [method, act] as const;
    const place = reach.placeOf(`${name}.${method}`);
    const time = reads?.includes(method) === true ? { ...usual, isOneEvent: true as const } : usual;
    const interposed = (...given: readonly unknown[]): Promise<unknown> =>
      call({
        place,
        time,
        effect: () => act(...given) as Promise<unknown>,
        lost,
      });
    return [method, interposed] as const;
  });
  // Every method has the type of the one that it stands before.
  return Object.fromEntries(methods) as Port;
};

/** A queue as its senders reach it. */
export const senderPort = (
  sender: MessageSender,
  name: string,
  reach: Reachable,
  call: CallPort,
): MessageSender =>
  interpose({ send: sender.send }, reach, call, {
    name,
    time: QUEUE_TIME,
    lost: unanswered("The queue"),
  });

/** What a caller of a vendor is told whose call failed for good. */
export const lostAtVendor = (detail: string): Result<never, VendorFault> =>
  err(faultOf("NETWORK", detail));
