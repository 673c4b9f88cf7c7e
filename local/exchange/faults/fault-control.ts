import { vendorOfLine } from "../vendors/vendor-paths.ts";
import { defaultRouteOf, type Fault, type FaultName } from "./fault.ts";

/** More rules than this is a mistake of the caller. */
const FAULTS_MAX = 100;

/**
 * A fault that is armed: what is left of it (`undefined` is without end), and how often it struck.
 */
type ArmedFault = {
  readonly fault: Fault;
  readonly timesLeft: number | undefined;
  readonly struck: number;
};

/** What faults are armed, and whether one strikes now. */
export type FaultControl = {
  /** Adds a fault; false if too many are armed. */
  readonly arm: (fault: Fault) => boolean;
  readonly disarmAll: () => void;
  readonly list: () => readonly ArmedFault[];
  /** How often each fault has struck since the start, whether still armed or not. */
  readonly counts: () => Readonly<Partial<Record<FaultName, number>>>;
  /** Returns the fault of this name that strikes a request (`METHOD /path`), and counts it. */
  readonly strike: <Name extends FaultName>(
    name: Name,
    request: string,
  ) => Extract<Fault, { readonly name: Name }> | undefined;
};

/** Creates the control, with its own stream of chance (floats in [0, 1)). */
export const createFaultControl = (random: () => number): FaultControl => {
  let armed: readonly ArmedFault[] = [];
  const counts: Partial<Record<FaultName, number>> = {};
  return {
    arm: (fault) => {
      if (armed.length >= FAULTS_MAX) return false;
      armed = [...armed, { fault, timesLeft: fault.times, struck: 0 }];
      return true;
    },
    disarmAll: () => {
      armed = [];
    },
    list: () => armed,
    counts: () => ({ ...counts }),
    strike: (name, request) => {
      if (armed.length === 0) return undefined;
      for (const each of armed) {
        const { fault } = each;
        if (!isNamed(fault, name) || !isMeant(fault, request)) continue;
        if (random() >= fault.probability) continue;
        counts[name] = (counts[name] ?? 0) + 1;
        armed = armed.flatMap((other) => (other === each ? afterStrike(each) : [other]));
        return fault;
      }
      return undefined;
    },
  };
};

const isNamed = <Name extends FaultName>(
  fault: Fault,
  name: Name,
): fault is Extract<Fault, { readonly name: Name }> => fault.name === name;

const isMeant = (fault: Fault, request: string): boolean =>
  fault.vendor === undefined
    ? request.startsWith(fault.route ?? defaultRouteOf(fault.name) ?? "")
    : vendorOfLine(request) === fault.vendor && request.startsWith(fault.route ?? "");

/** A fault ends when it has struck as often as it should. */
const afterStrike = ({ fault, timesLeft, struck }: ArmedFault): readonly ArmedFault[] => {
  if (timesLeft === undefined) return [{ fault, timesLeft, struck: struck + 1 }];
  return timesLeft <= 1 ? [] : [{ fault, timesLeft: timesLeft - 1, struck: struck + 1 }];
};
