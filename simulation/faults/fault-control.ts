import { mix, uniformAt } from "../../local/exchange/hash.ts";
import type { EnabledFault } from "../seed-run.ts";
import { FAULT_KINDS, type FaultKind, type InjectedFault } from "./fault-kind.ts";

/**
 * A moment at which something may go wrong, as a number that names it: a function of the seed, the
 * place, the minute and how often the place was passed in that minute. What happens elsewhere, or
 * in another minute, does not change it.
 */
export type Occasion = number;

/** A place that is passed again and again: a port call of a function, a queue, a schedule. */
export type FaultPlace = {
  readonly name: string;
  /** The next occasion at this place. */
  readonly pass: (nowMs: number) => Occasion;
};

/** Whether one kind of fault strikes at an occasion; if so it is told to the world. */
export type Strike = (occasion: Occasion, where: string) => boolean;

/** Decides what goes wrong. Every decision is a function of its occasion and kind alone. */
export type FaultControl = {
  readonly placeOf: (name: string) => FaultPlace;
  /** Whether a kind strikes at this occasion; if so it is told to the world. */
  readonly strikes: (kind: FaultKind, occasion: Occasion, where: string) => boolean;
  /** The same of one kind, for who asks often: most kinds are switched off in a world. */
  readonly strikeOf: (kind: FaultKind) => Strike;
  readonly isEnabled: (kind: FaultKind) => boolean;
  /** A number in [0, 1) about the occasion; `about` says which, 0 to 2^31. */
  readonly measure: (occasion: Occasion, about: number) => number;
  /** From here on nothing strikes any more. */
  readonly stop: () => void;
  readonly isStopped: () => boolean;
};

/** What fault control needs. */
export type FaultControlOptions = {
  readonly seedKey: number;
  readonly enabled: readonly EnabledFault[];
  readonly onlyFaults: ReadonlySet<number> | undefined;
  readonly nowMs: () => number;
  readonly onStrike: (fault: InjectedFault) => void;
};

/** Keeps what a kind draws apart from the measures of the same occasion. */
const KIND_SALT = 0x4000_0000;
const MS_PER_MINUTE = 60_000;

/** The control of one seed. */
export const createFaultControl = (options: FaultControlOptions): FaultControl => {
  const { seedKey, onlyFaults, nowMs, onStrike } = options;
  let isStopped = false;
  const createStrike = (kind: FaultKind, rate: number): Strike => {
    const salt = KIND_SALT + KIND_NUMBERS[kind];
    return (occasion, where) => {
      if (isStopped || uniformAt(occasion, salt) >= rate) return false;
      const number = mix(occasion ^ Math.imul(salt, 0x9e37_79b9));
      if (onlyFaults !== undefined && !onlyFaults.has(number)) return false;
      onStrike({ number, atMs: nowMs(), kind, where });
      return true;
    };
  };
  const strikes = new Map(
    options.enabled.map(({ kind, rate }) => [kind, createStrike(kind, rate)] as const),
  );
  const strikeOf = (kind: FaultKind): Strike => strikes.get(kind) ?? NEVER;
  return {
    placeOf: (name) => createPlace(name, seedKey),
    strikes: (kind, occasion, where) => strikeOf(kind)(occasion, where),
    strikeOf,
    isEnabled: (kind) => strikes.has(kind),
    measure: uniformAt,
    stop: () => {
      isStopped = true;
    },
    isStopped: () => isStopped,
  };
};

const NEVER: Strike = () => false;

const KIND_NUMBERS = Object.fromEntries(
  FAULT_KINDS.map((kind, index) => [kind, index]),
) as Readonly<Record<FaultKind, number>>;

const createPlace = (name: string, seedKey: number): FaultPlace => {
  let key = seedKey;
  for (let index = 0; index < name.length; index++) key = mix(key ^ name.charCodeAt(index));
  let minute = -1;
  let passed = 0;
  return {
    name,
    pass: (nowMs) => {
      const now = Math.floor(nowMs / MS_PER_MINUTE);
      passed = now === minute ? passed + 1 : 0;
      minute = now;
      return mix(mix(key ^ now) + passed);
    },
  };
};
