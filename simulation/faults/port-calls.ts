import type { Engine } from "../engine/engine.ts";
import { whenSettled } from "../engine/when-settled.ts";
import type { Invocation } from "../services/lambda.ts";
import type { Observe } from "../world/observe.ts";
import type { FaultControl, FaultPlace, Occasion } from "./fault-control.ts";

/** How long a call of a port takes, one way, in virtual ms: at least `leastMs`, at most as much more. */
export type CallTime = {
  readonly leastMs: number;
  readonly spreadMs: number;
  /** Nothing tells when on the way it took effect: it does so when its answer arrives. */
  readonly isOneEvent?: true;
};

/** One call of one port by one invocation. */
export type PortCall<Answer> = {
  readonly place: FaultPlace;
  readonly time: CallTime;
  /** What the call does where it arrives. */
  readonly effect: (occasion: Occasion, invocation: Invocation) => Promise<Answer>;
  /** What a caller is told whose call failed; it may throw instead. */
  readonly lost: (detail: string) => Answer;
};

/** Makes the calls of an environment: each one takes time, and is struck by the faults of all ports. */
export type CallPort = <Answer>(call: PortCall<Answer>) => Promise<Answer>;

/** What calling ports needs. */
export type CallPortDeps = {
  readonly engine: Engine;
  readonly faults: FaultControl;
  readonly observe: Observe;
  readonly invocationOf: () => Invocation;
  readonly kill: (invocation: Invocation, where: string) => void;
};

/** What the measures of an occasion are about. */
const ABOUT = { request: 1, answer: 2, delay: 3, side: 4, beyond: 5 } as const;

const DELAY_MAX_MS = 12_000;
const BEYOND_MAX_MS = 60_000;

/** Creates the calls of one environment. */
export const createCallPort = (deps: CallPortDeps): CallPort => {
  return <Answer>(call: PortCall<Answer>) =>
    new Promise<Answer>((resolve, reject) => {
      const invocation = deps.invocationOf();
      // Of a killed invocation nothing goes on, not even what was under way beside the call.
      if (invocation.isDead) return;
      begin(deps, call, invocation, resolve, reject);
    });
};

const begin = <Answer>(
  deps: CallPortDeps,
  call: PortCall<Answer>,
  invocation: Invocation,
  resolve: (answer: Answer) => void,
  reject: (reason: unknown) => void,
): void => {
  const { engine, faults, observe } = deps;
  const { place, time } = call;
  const occasion = place.pass(engine.nowMs());
  const strikes = (kind: Parameters<FaultControl["strikes"]>[0]): boolean =>
    faults.strikes(kind, occasion, place.name);
  if (invocation.isOver)
    observe({ type: "zombieWentOn", actor: invocation.actor, where: place.name });
  if (strikes("kill-before")) {
    deps.kill(invocation, place.name);
    return;
  }
  const late = lateness(deps, occasion, invocation, strikes);
  const { requestMs, answerMs } = timesOf(faults, occasion, time, late);
  const isFailedBefore = strikes("fail-before");
  const isKilledAfter = strikes("kill-after");
  const isLost = strikes("fail-after");
  const end = (answer: () => Answer): void => {
    if (invocation.isDead) return;
    engine.wake();
    try {
      resolve(answer());
    } catch (error) {
      reject(error);
    }
  };
  const goOn = (answer: () => Answer): void => {
    if (time.isOneEvent === true) end(answer);
    else engine.after(answerMs, () => end(answer));
  };
  // A write, or a read that others' writes may follow, takes effect before its answer arrives.
  const effectMs = time.isOneEvent === true ? requestMs + answerMs : requestMs;
  engine.after(effectMs, () => {
    if (isFailedBefore) {
      goOn(() => call.lost("It was not answered."));
      return;
    }
    engine.wake();
    void whenSettled(
      call.effect(occasion, invocation),
      (answer) => {
        if (isKilledAfter) deps.kill(invocation, place.name);
        else goOn(() => (isLost ? call.lost("The answer was lost.") : answer));
      },
      (error) =>
        goOn(() => {
          throw error;
        }),
    );
  });
};

/** Extra time, and on which way: so long that the function runs out, or merely long. */
const lateness = (
  { engine, faults }: CallPortDeps,
  occasion: Occasion,
  invocation: Invocation,
  strikes: (kind: "zombie" | "delay") => boolean,
): { readonly ms: number; readonly isRequest: boolean } => {
  const isRequest = faults.measure(occasion, ABOUT.side) < 0.5;
  if (!invocation.isOver && strikes("zombie")) {
    invocation.isZombie = true;
    const leftMs = Math.max(0, invocation.endsAtMs - engine.nowMs());
    const beyondMs = Math.ceil(faults.measure(occasion, ABOUT.beyond) * BEYOND_MAX_MS);
    return { ms: leftMs + beyondMs, isRequest };
  }
  if (!strikes("delay")) return { ms: 0, isRequest };
  return { ms: Math.ceil(faults.measure(occasion, ABOUT.delay) ** 2 * DELAY_MAX_MS), isRequest };
};

const timesOf = (
  { measure }: FaultControl,
  occasion: Occasion,
  { leastMs, spreadMs }: CallTime,
  late: { readonly ms: number; readonly isRequest: boolean },
): { readonly requestMs: number; readonly answerMs: number } => {
  const way = (about: number): number =>
    leastMs + Math.floor(measure(occasion, about) * (spreadMs + 1));
  return {
    requestMs: way(ABOUT.request) + (late.isRequest ? late.ms : 0),
    answerMs: way(ABOUT.answer) + (late.isRequest ? 0 : late.ms),
  };
};
