import { createSeededRandom } from "../../shared/adapters/host/seeded-random.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import { silentLog } from "../../shared/runtime/log.ts";
import { noMetrics } from "../../shared/runtime/metrics.ts";
import type { FunctionPorts } from "../../local/function-ports.ts";
import { createFunctions } from "../../local/functions.ts";
import type { Timers } from "../../shared/ports/timers.ts";
import type { Engine } from "../engine/engine.ts";
import type { FaultPlace } from "../faults/fault-control.ts";
import { createCallPort } from "../faults/port-calls.ts";
import type { FunctionName } from "../observation.ts";
import type { CreateEnvironment, Invocation } from "../services/lambda.ts";
import { DEPLOYED } from "./deployment.ts";
import { drawSkewMs } from "./clock-skew.ts";
import { createFunctionPorts } from "./function-ports.ts";
import type { Reachable } from "./reachable.ts";
import { createPlannedFailover } from "./planned-failover.ts";
import type { SharedWorld } from "./shared-world.ts";

/** What the environments of one Region's functions are made from. */
export type EnvironmentDeps = {
  readonly shared: SharedWorld;
  /** What the Region's functions run with now; what runs already keeps what it began with. */
  readonly settingsNow: () => Settings;
  readonly archive: FunctionPorts["archive"];
  readonly queues: Reachable["queues"];
  readonly deadLettersOf: Reachable["deadLettersOf"];
  readonly deadOf: Reachable["deadOf"];
  readonly alerts: Reachable["alerts"];
  readonly pager: Reachable["pager"];
  readonly isCutOff: () => boolean;
  readonly buckets: Reachable["buckets"];
  readonly isLockedOut: () => boolean;
  /** How far all clocks of the Region are off. */
  readonly skewMs: number;
  readonly kill: (invocation: Invocation, where: string) => void;
};

/** Returns how a function's environment is made: its production handler on ports of its own. */
export const createEnvironments = (
  deps: EnvironmentDeps,
  functionName: FunctionName,
): CreateEnvironment => {
  const { shared, settingsNow } = deps;
  const { engine, faults, streams, observe } = shared;
  const { region } = settingsNow();
  const name = `${region} ${functionName}`;
  const places = createPlaces(shared, name);
  const randomKey = streams.keyOf(`${name} environments`);
  const skewMs = deps.skewMs + drawSkewMs(shared, name);
  let environments = 0;
  return (invocationOf) => {
    environments += 1;
    const settings = settingsNow();
    const bornAtMs = engine.nowMs();
    const clock = {
      // Where faults have stopped clocks are set right.
      nowMs: () => engine.nowMs() + (faults.isStopped() ? 0 : skewMs),
      monotonicMs: () => engine.nowMs() - bornAtMs,
    };
    const call = createCallPort({ engine, faults, observe, invocationOf, kill: deps.kill });
    const ports = createFunctionPorts(
      {
        ...deps,
        ...shared,
        region,
        settings,
        functionName,
        clock,
        timers: timersOf(engine, invocationOf),
        actorOf: () => invocationOf().actor,
        random: createSeededRandom((randomKey + environments) >>> 0),
        ledgerStore: shared.ledger.itemsOf(() => invocationOf().actor),
        telemetryStore: shared.telemetry.replicaOf(region),
        placeOf: places,
      },
      call,
    );
    const { key } = DEPLOYED[functionName];
    if (key === "failover") return { run: createPlannedFailover(ports, settings) };
    const functions = createFunctions(ports, settings, {
      log: silentLog,
      metrics: noMetrics,
      clock,
    });
    // Each function is called with the event that it gets on AWS; its own schema reads it.
    const run = functions[key] as (event: unknown) => Promise<unknown>;
    return { run };
  };
};

/** Timers of an environment: with an invocation that is killed all of its timers are gone. */
const timersOf = (engine: Engine, invocationOf: () => Invocation): Timers => ({
  after: (delayMs, act) => {
    const invocation = invocationOf();
    const planned = engine.after(Math.ceil(delayMs), () => {
      if (invocation.isDead) return;
      engine.wake();
      act();
    });
    return () => engine.cancel(planned);
  },
});

/** Environments of one function pass the same places, so that a cold start moves no fault. */
const createPlaces = ({ faults }: SharedWorld, prefix: string): ((call: string) => FaultPlace) => {
  const places = new Map<string, FaultPlace>();
  return (call) => {
    const known = places.get(call);
    if (known !== undefined) return known;
    const place = faults.placeOf(`${prefix} ${call}`);
    places.set(call, place);
    return place;
  };
};
