import type { Engine } from "../engine/engine.ts";
import { whenSettled } from "../engine/when-settled.ts";
import type { Invocation } from "../services/lambda.ts";
import type { Observe } from "../world/observe.ts";
import type { FaultControl, FaultPlace, Occasion, Strike } from "./fault-control.ts";

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
  /** What the call does where it arrives; what answers at once keeps nobody waiting. */
  readonly effect: (occasion: Occasion, invocation: Invocation) => Answer | Promise<Answer>;
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

/** The faults of all ports. */
type PortFaults = {
  readonly [
    Name in "killBefore" | "killAfter" | "failBefore" | "failAfter" | "zombie" | "delay"
  ]: Strike;
};

type Caller = CallPortDeps & { readonly strikes: PortFaults };

/** Creates the calls of one environment. */
export const createCallPort = (deps: CallPortDeps): CallPort => {
  const { strikeOf } = deps.faults;
  const strikes: PortFaults = {
    killBefore: strikeOf("kill-before"),
    killAfter: strikeOf("kill-after"),
    failBefore: strikeOf("fail-before"),
    failAfter: strikeOf("fail-after"),
    zombie: strikeOf("zombie"),
    delay: strikeOf("delay"),
  };
  const caller: Caller = { ...deps, strikes };
  return <Answer>(call: PortCall<Answer>) =>
    new Promise<Answer>((resolve, reject) => {
      const invocation = deps.invocationOf();
      // Of a killed invocation nothing goes on, not even what was under way beside the call.
      if (!invocation.isDead) begin(caller, call, invocation, resolve, reject);
    });
};

/** A call on its way, and what will become of it. */
type UnderWay<Answer> = {
  readonly caller: Caller;
  readonly call: PortCall<Answer>;
  readonly occasion: Occasion;
  readonly invocation: Invocation;
  readonly answerMs: number;
  readonly isFailedBefore: boolean;
  readonly isKilledAfter: boolean;
  readonly isLost: boolean;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
};

const begin = <Answer>(
  caller: Caller,
  call: PortCall<Answer>,
  invocation: Invocation,
  resolve: (answer: Answer) => void,
  reject: (reason: unknown) => void,
): void => {
  const { engine, faults, observe, strikes } = caller;
  const { place, time } = call;
  const { name } = place;
  const occasion = place.pass(engine.nowMs());
  if (invocation.isOver) observe({ type: "zombieWentOn", actor: invocation.actor, where: name });
  if (strikes.killBefore(occasion, name)) {
    caller.kill(invocation, name);
    return;
  }
  const lateMs = latenessMs(caller, occasion, invocation, name);
  const isRequestLate = lateMs > 0 && faults.measure(occasion, ABOUT.side) < 0.5;
  const requestMs = wayMs(faults, occasion, time, ABOUT.request) + (isRequestLate ? lateMs : 0);
  const answerMs = wayMs(faults, occasion, time, ABOUT.answer) + (isRequestLate ? 0 : lateMs);
  const underWay: UnderWay<Answer> = {
    caller,
    call,
    occasion,
    invocation,
    answerMs,
    isFailedBefore: strikes.failBefore(occasion, name),
    isKilledAfter: strikes.killAfter(occasion, name),
    isLost: strikes.failAfter(occasion, name),
    resolve,
    reject,
  };
  // A write, or a read that others' writes may follow, takes effect before its answer arrives.
  const effectMs = time.isOneEvent === true ? requestMs + answerMs : requestMs;
  engine.after(effectMs, () => arrive(underWay));
};

/** The request is there: what it does at once is answered at once. */
const arrive = <Answer>(underWay: UnderWay<Answer>): void => {
  const { caller, call, occasion, invocation } = underWay;
  if (underWay.isFailedBefore) {
    goOn(underWay, () => call.lost("It was not answered."));
    return;
  }
  let answer: Answer | Promise<Answer>;
  try {
    answer = call.effect(occasion, invocation);
  } catch (error) {
    fail(underWay, error);
    return;
  }
  if (answer instanceof Promise) {
    caller.engine.wake();
    void whenSettled(
      answer,
      (value) => succeed(underWay, value),
      (error) => fail(underWay, error),
    );
  } else succeed(underWay, answer);
};

const succeed = <Answer>(underWay: UnderWay<Answer>, answer: Answer): void => {
  const { caller, call, invocation } = underWay;
  if (underWay.isKilledAfter) caller.kill(invocation, call.place.name);
  else if (underWay.isLost) goOn(underWay, () => call.lost("The answer was lost."));
  else goOn(underWay, () => answer);
};

const fail = <Answer>(underWay: UnderWay<Answer>, error: unknown): void =>
  goOn(underWay, () => {
    throw error;
  });

const goOn = <Answer>(underWay: UnderWay<Answer>, answer: () => Answer): void => {
  const { caller, call, answerMs } = underWay;
  if (call.time.isOneEvent === true) end(underWay, answer);
  else caller.engine.after(answerMs, () => end(underWay, answer));
};

const end = <Answer>(
  { caller, invocation, resolve, reject }: UnderWay<Answer>,
  answer: () => Answer,
): void => {
  if (invocation.isDead) return;
  caller.engine.wake();
  try {
    resolve(answer());
  } catch (error) {
    reject(error);
  }
};

/** Extra time: so long that the function runs out, merely long, or none. */
const latenessMs = (
  { engine, faults, strikes }: Caller,
  occasion: Occasion,
  invocation: Invocation,
  where: string,
): number => {
  if (!invocation.isOver && strikes.zombie(occasion, where)) {
    invocation.isZombie = true;
    const leftMs = Math.max(0, invocation.endsAtMs - engine.nowMs());
    return leftMs + Math.ceil(faults.measure(occasion, ABOUT.beyond) * BEYOND_MAX_MS);
  }
  if (!strikes.delay(occasion, where)) return 0;
  return Math.ceil(faults.measure(occasion, ABOUT.delay) ** 2 * DELAY_MAX_MS);
};

/** One way's time, ms. */
const wayMs = (
  { measure }: FaultControl,
  occasion: Occasion,
  { leastMs, spreadMs }: CallTime,
  about: number,
): number => leastMs + Math.floor(measure(occasion, about) * (spreadMs + 1));
