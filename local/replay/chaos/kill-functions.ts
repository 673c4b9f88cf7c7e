import { AsyncLocalStorage } from "node:async_hooks";
import type { FunctionPorts } from "../../function-ports.ts";
import type { Functions } from "../../functions.ts";
import type { FaultDeps } from "./fault-broker.ts";
import { FunctionKilled, guardFunctions } from "./guard-functions.ts";

/** An invocation that will die at its port call number `callsLeft`, counted down. */
type Doomed = { callsLeft: number; readonly isAfter: boolean; readonly die: () => void };

/** Who runs now; every invocation has its own, however many overlap. */
export type Invocations = AsyncLocalStorage<Doomed>;

const CALLS_MAX = 10;
const KILLED_SHARE = 0.5;

/** Knows the invocations that are to die. */
export const createInvocations = (): Invocations => new AsyncLocalStorage<Doomed>();

/** The same ports; a doomed invocation ends at one of its calls and never goes on. */
export const mortalPorts = (ports: FunctionPorts, invocations: Invocations): FunctionPorts => {
  const mortal = <Port extends object>(port: Port): Port => withCheckpoints(port, invocations);
  return {
    ...ports,
    ledger: mortal(ports.ledger),
    telemetry: mortal(ports.telemetry),
    archive: mortal(ports.archive),
    broker: mortal(ports.broker),
    marketData: mortal(ports.marketData),
    flow: mortal(ports.flow),
    alerts: mortal(ports.alerts),
    queues: {
      marketData: mortal(ports.queues.marketData),
      orders: mortal(ports.queues.orders),
      exits: mortal(ports.queues.exits),
    },
  };
};

/** The same functions, about half of whose invocations die while the fault holds. */
export const mortalFunctions = (
  functions: Functions,
  invocations: Invocations,
  deps: FaultDeps,
): Functions => guardFunctions(functions, (invoke) => invokeMortal(invoke, invocations, deps));

const invokeMortal = <Answer>(
  invoke: () => Promise<Answer>,
  invocations: Invocations,
  { faults, random }: FaultDeps,
): Promise<Answer> => {
  if (!faults.isOn("function-kill") || random.next() >= KILLED_SHARE) return invoke();
  const callsLeft = 1 + Math.floor(random.next() * CALLS_MAX);
  const isAfter = random.next() < HALF;
  return new Promise((resolve, reject) => {
    const die = (): void => {
      faults.strike("function-kill");
      reject(new FunctionKilled("The function was killed."));
    };
    invocations.run({ callsLeft, isAfter, die }, invoke).then(resolve, reject);
  });
};

const HALF = 0.5;

type AnyCall = (...request: readonly unknown[]) => unknown;

/** Counts the calls of doomed invocations, before or after what the last of them does. */
const withCheckpoints = <Port extends object>(port: Port, invocations: Invocations): Port => {
  const calls = Object.entries(port).map(([name, call]) => {
    if (typeof call !== "function") return [name, call];
    const passed: AnyCall = async (...request) => {
      const doomed = invocations.getStore();
      const act = call as AnyCall;
      if (doomed === undefined) return act(...request);
      doomed.callsLeft -= 1;
      if (doomed.callsLeft > 0) return act(...request);
      if (doomed.callsLeft === 0) {
        if (doomed.isAfter) await act(...request);
        doomed.die();
      }
      // The dead hear nothing: what waits for this answer waits for ever, and is forgotten.
      return new Promise(() => undefined);
    };
    return [name, passed];
  });
  return Object.fromEntries(calls) as Port;
};
