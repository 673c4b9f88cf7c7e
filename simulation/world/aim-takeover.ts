import type { SimulatedWorld } from "./world.ts";

/** Orders are made within so long of each minute. */
const BUSY_MS = 1_500;
/** What is not done with after so long has gone back to its queue, or is held up. */
const STUCK_AFTER_MS = 1_500;
/** Messages that are looked at before a takeover is given up. */
const LOOKS_MAX = 200;

/**
 * Lets a takeover happen where it hurts: at once, while the active Region makes orders, or while
 * one of its intents is stuck, so that it comes again when the account is another Region's.
 */
export const aimTakeover = (
  world: SimulatedWorld,
  draw: (about: string) => number,
  takeOver: () => void,
): void => {
  const { engine } = world;
  const act = (): void => {
    engine.wake();
    takeOver();
  };
  const delayMs = Math.floor(draw("delay") * BUSY_MS);
  const aim = draw("aim");
  if (aim < 0.2) takeOver();
  else if (aim < 0.6) whenBusy(world, () => engine.after(delayMs, act));
  else whenStuck(world, act, LOOKS_MAX);
};

const isActive = ({ view }: SimulatedWorld, region: string): boolean => {
  const cell = view.cell();
  return typeof cell === "object" && cell.activeRegion === region;
};

const whenBusy = (world: SimulatedWorld, act: () => void): void => {
  world.whenNext(
    (seen) =>
      seen.type === "functionStarted" &&
      seen.actor.functionName === "open-cycle" &&
      isActive(world, seen.actor.region),
    act,
  );
};

const whenStuck = (world: SimulatedWorld, act: () => void, looks: number): void => {
  if (looks === 0) return;
  let messageId: string | undefined;
  let isRemoved = false;
  world.whenNext(
    (seen) => {
      const isIntent =
        seen.type === "messageDelivered" &&
        seen.queue !== "market-data" &&
        isActive(world, seen.region);
      if (isIntent) ({ messageId } = seen);
      return isIntent;
    },
    () => {
      world.whenNext(
        (seen) => seen.type === "messageRemoved" && seen.messageId === messageId,
        () => {
          isRemoved = true;
        },
      );
      world.engine.after(STUCK_AFTER_MS, () => {
        if (isRemoved) whenStuck(world, act, looks - 1);
        else act();
      });
    },
  );
};
