import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { Region } from "./region.ts";
import type { SimulatedWorld } from "./world.ts";

/** Orders are made within so long of each minute. */
const BUSY_MS = 1_500;
/** What is not done with after so long has gone back to its queue, or is held up. */
const STUCK_AFTER_MS = 1_500;
/** Messages that are looked at before it is given up. */
const LOOKS_MAX = 200;

/**
 * Lets a takeover, a halt or a wish to close everything happen where it hurts: at once, while the
 * active Region makes orders, or while one of its intents is stuck, so that it comes again when
 * everything is different.
 */
export const aimAtOrders = (
  world: SimulatedWorld,
  draw: (about: string) => number,
  happen: () => void,
): void => {
  const { engine } = world;
  const act = (): void => {
    engine.wake();
    happen();
  };
  const delayMs = Math.floor(draw("delay") * BUSY_MS);
  const aim = draw("aim");
  if (aim < 0.2) happen();
  else if (aim < 0.6) whenBusy(world, () => engine.after(delayMs, act));
  else whenStuck(world, act, LOOKS_MAX);
};

/** Lets something happen at the very moment at which the next order is claimed. */
export const aimAtClaim = (world: SimulatedWorld, happen: (region: Region) => void): void => {
  let claimedIn: string | undefined;
  world.whenNext(
    (seen) => {
      if (seen.type !== "cellWritten" || seen.actor?.functionName !== "execute-orders")
        return false;
      if (typeof seen.before !== "object") return false;
      if (countOf(seen.after) <= countOf(seen.before)) return false;
      claimedIn = seen.actor.region;
      return true;
    },
    () => {
      const region = world.regions.find(({ name }) => name === claimedIn);
      if (region !== undefined) happen(region);
    },
  );
};

const countOf = ({ inFlight }: ControlCell): number => Object.keys(inFlight).length;

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
