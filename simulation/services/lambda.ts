import { assert } from "../../shared/domain/assert.ts";
import type { Engine, Planned } from "../engine/engine.ts";
import { whenSettled } from "../engine/when-settled.ts";
import type { FaultControl, FaultPlace } from "../faults/fault-control.ts";
import type { Actor, FunctionName } from "../observation.ts";
import type { Observe } from "../world/observe.ts";

/** One run of a function, from its event to its answer, its time-out or its end. */
export type Invocation = {
  readonly actor: Actor;
  /** Virtual epoch ms at which Lambda ends it. */
  readonly endsAtMs: number;
  /** Nothing of it ever goes on again. */
  isDead: boolean;
  /** Whoever called it has an answer, or has given up. */
  isOver: boolean;
  /** It goes on after its time-out. */
  isZombie: boolean;
};

/** A sandbox: what a function keeps in memory lives as long as this does. */
export type LambdaEnvironment = {
  readonly run: (event: unknown) => Promise<unknown>;
};

/** How a function is deployed. */
export type LambdaOptions = {
  readonly name: FunctionName;
  readonly timeoutMs: number;
  /** Invocations at once, at most. */
  readonly concurrencyMax: number;
};

/** What an environment is built with: the invocation that it is at work for. */
export type CreateEnvironment = (invocationOf: () => Invocation) => LambdaEnvironment;

/** A function as the platform runs it. */
export type LambdaFunction = {
  /** Resolves to its answer; rejects with what it threw, or with a `LambdaFault`. */
  readonly invoke: (event: unknown) => Promise<unknown>;
  /** Ends an invocation at once, with its environment. */
  readonly kill: (invocation: Invocation, where: string) => void;
  /** Lets no invocation begin in an environment of now, as a deployment does. */
  readonly recycle: () => void;
};

/** What Lambda itself says; its name is the error that a workflow sees. */
export class LambdaFault extends Error {
  override readonly name: "States.Timeout" | "Lambda.Unknown" | "Lambda.TooManyRequestsException";

  constructor(name: LambdaFault["name"]) {
    super(`Lambda: ${name}`);
    this.name = name;
  }
}

/** What running a function needs. */
export type LambdaDeps = {
  readonly region: string;
  readonly engine: Engine;
  readonly faults: FaultControl;
  readonly observe: Observe;
  /** Counts the invocations of the whole world from 1. */
  readonly nextInvocation: () => number;
};

const WARM_START_MS = 4;
const COLD_START_MS = 350;
/** An idle environment is taken away after so long. */
const IDLE_MS = 10 * 60_000;
/** A sandbox that dies is reported to the caller this much later. */
const EXIT_MS = 100;

type Sandbox = {
  /** Counts deployments; one of an older deployment is not used again. */
  readonly deployment: number;
  readonly environment: LambdaEnvironment;
  current: Invocation | undefined;
  idleSinceMs: number;
};

type Running = {
  readonly sandbox: Sandbox;
  readonly timeOut: Planned;
  readonly fail: (fault: LambdaFault) => void;
};

type LambdaState = {
  readonly options: LambdaOptions;
  readonly deps: LambdaDeps;
  readonly create: CreateEnvironment;
  readonly place: FaultPlace;
  readonly warm: Sandbox[];
  readonly running: Map<Invocation, Running>;
  deployment: number;
};

/**
 * A Lambda function: an environment serves one invocation at a time and is used again while it is
 * warm; what runs into its time-out is killed with its environment, unless it is a zombie.
 */
export const createLambda = (
  options: LambdaOptions,
  deps: LambdaDeps,
  create: CreateEnvironment,
): LambdaFunction => {
  const state: LambdaState = {
    options,
    deps,
    create,
    place: deps.faults.placeOf(`${deps.region} ${options.name}`),
    warm: [],
    running: new Map(),
    deployment: 0,
  };
  return {
    invoke: (event) =>
      new Promise((resolve, reject) => {
        if (state.running.size >= options.concurrencyMax) {
          reject(new LambdaFault("Lambda.TooManyRequestsException"));
          return;
        }
        start(state, event, resolve, reject);
      }),
    kill: (invocation, where) => {
      if (invocation.isDead) return;
      deps.observe({ type: "functionKilled", actor: invocation.actor, where });
      end(state, invocation, "Lambda.Unknown");
    },
    recycle: () => {
      state.warm.length = 0;
      state.deployment += 1;
    },
  };
};

const start = (
  state: LambdaState,
  event: unknown,
  resolve: (answer: unknown) => void,
  reject: (reason: unknown) => void,
): void => {
  const { options, deps } = state;
  const { engine, faults } = deps;
  const occasion = state.place.pass(engine.nowMs());
  const isRecycled = faults.strikes("cold-start", occasion, state.place.name);
  const known = isRecycled ? undefined : takeWarm(state);
  const isColdStart = known === undefined;
  const sandbox = known ?? createSandbox(state);
  const startsAtMs = engine.nowMs() + (isColdStart ? COLD_START_MS : WARM_START_MS);
  const invocation: Invocation = {
    actor: {
      region: deps.region,
      functionName: options.name,
      invocation: deps.nextInvocation(),
    },
    endsAtMs: startsAtMs + options.timeoutMs,
    isDead: false,
    isOver: false,
    isZombie: false,
  };
  sandbox.current = invocation;
  const fail = (fault: LambdaFault): void => {
    engine.after(EXIT_MS, () => {
      engine.wake();
      reject(fault);
    });
  };
  const timeOut = engine.at(invocation.endsAtMs, () => runOut(state, invocation));
  state.running.set(invocation, { sandbox, timeOut, fail });
  engine.at(startsAtMs, () => {
    deps.observe({ type: "functionStarted", actor: invocation.actor, isColdStart });
    engine.wake();
    void whenSettled(
      sandbox.environment.run(event),
      (answer) => {
        if (finish(state, invocation, { answer })) resolve(answer);
      },
      (error) => {
        if (finish(state, invocation, { error })) reject(error);
      },
    );
  });
};

const createSandbox = ({ create, deps, deployment }: LambdaState): Sandbox => {
  const sandbox: Sandbox = {
    deployment,
    environment: create(() => {
      assert(sandbox.current !== undefined, "Code of a function runs for an invocation.");
      return sandbox.current;
    }),
    current: undefined,
    idleSinceMs: deps.engine.nowMs(),
  };
  return sandbox;
};

/** The one that was used last, so that what is not needed becomes idle. */
const takeWarm = ({ warm, deps }: LambdaState): Sandbox | undefined => {
  const sandbox = warm.pop();
  const isFresh = sandbox !== undefined && deps.engine.nowMs() - sandbox.idleSinceMs <= IDLE_MS;
  return isFresh ? sandbox : undefined;
};

/** The code has come to its end; returns whether anyone still waits for its answer. */
const finish = (
  state: LambdaState,
  invocation: Invocation,
  end: { readonly answer: unknown } | { readonly error: unknown },
): boolean => {
  const { observe, engine } = state.deps;
  if (invocation.isDead) return false;
  const { actor } = invocation;
  if ("answer" in end) {
    observe({ type: "functionEnded", actor, outcome: "returned", answer: end.answer });
  } else {
    observe({ type: "functionEnded", actor, outcome: "threw", error: describe(end.error) });
  }
  if (invocation.isOver) return false;
  invocation.isOver = true;
  const running = state.running.get(invocation);
  state.running.delete(invocation);
  if (running !== undefined) {
    engine.cancel(running.timeOut);
    running.sandbox.idleSinceMs = engine.nowMs();
    if (running.sandbox.deployment === state.deployment) state.warm.push(running.sandbox);
  }
  return true;
};

const runOut = (state: LambdaState, invocation: Invocation): void => {
  if (invocation.isDead || invocation.isOver) return;
  const { actor, isZombie } = invocation;
  state.deps.observe({ type: "functionTimedOut", actor, isZombie });
  end(state, invocation, "States.Timeout");
};

/** Gives up on an invocation; its environment is never used again. */
const end = (state: LambdaState, invocation: Invocation, name: LambdaFault["name"]): void => {
  invocation.isDead = !(invocation.isZombie && name === "States.Timeout");
  if (invocation.isOver) return;
  invocation.isOver = true;
  const running = state.running.get(invocation);
  state.running.delete(invocation);
  if (running === undefined) return;
  state.deps.engine.cancel(running.timeOut);
  running.fail(new LambdaFault(name));
};

const describe = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : "Something was thrown.";
