import { setImmediate } from "node:timers/promises";

/** How a port call goes on: as usual, with its answer lost, or not at all because time is up. */
export type Fate = "go" | "loseAnswer" | "timeOut";

/** A function that waits for its next turn. */
export type Waiting = {
  readonly actor: number;
  /** A request that is under way is over by then, one way or the other; else undefined. */
  readonly untilMs: number | undefined;
  readonly goOn: (fate: Fate) => void;
};

/** Functions that run as if at the same time: each waits at every port call until it is let on. */
export type Turns = {
  readonly waiting: readonly Waiting[];
  readonly wait: (actor: number, untilMs?: number) => Promise<Fate>;
  /** Lets one go on, and comes back when everything waits again. */
  readonly letOn: (one: Waiting, fate?: Fate) => Promise<void>;
  /** Nothing of the actor ever happens again. */
  readonly kill: (actor: number) => void;
};

/** Creates a schedule without actors. */
export const createTurns = (): Turns => {
  let waiting: readonly Waiting[] = [];
  return {
    get waiting() {
      return waiting;
    },
    wait: (actor, untilMs) =>
      new Promise((resolve) => {
        waiting = [...waiting, { actor, untilMs, goOn: resolve }];
      }),
    letOn: async (one, fate = "go") => {
      waiting = waiting.filter((other) => other !== one);
      one.goOn(fate);
      await setImmediate();
    },
    kill: (actor) => {
      waiting = waiting.filter((other) => other.actor !== actor);
    },
  };
};
