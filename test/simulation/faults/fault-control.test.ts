import { describe, expect, it } from "vitest";
import { createRandomStreams } from "../../../simulation/engine/random-streams.ts";
import { createFaultControl } from "../../../simulation/faults/fault-control.ts";
import { FAULT_KINDS, type InjectedFault } from "../../../simulation/faults/fault-kind.ts";
import { planFaults } from "../../../simulation/faults/plan-faults.ts";

const MINUTE_MS = 60_000;

const controlOf = (onlyFaults?: ReadonlySet<number>) => {
  const struck: InjectedFault[] = [];
  const control = createFaultControl({
    seedKey: 5,
    enabled: [{ kind: "delay", rate: 0.3 }],
    onlyFaults,
    nowMs: () => 0,
    onStrike: (fault) => struck.push(fault),
  });
  return { control, struck };
};

/** Passes a place so many times a minute and says in which passes a delay struck. */
const passes = (
  control: ReturnType<typeof controlOf>["control"],
  name: string,
): readonly boolean[] => {
  const place = control.placeOf(name);
  return Array.from({ length: 60 }, (_, index) =>
    control.strikes("delay", place.pass(Math.floor(index / 6) * MINUTE_MS), name),
  );
};

describe("fault control", () => {
  it("decides by seed, place, minute and count alone", () => {
    const first = controlOf();
    const second = controlOf();
    passes(second.control, "elsewhere");
    expect(passes(second.control, "here")).toEqual(passes(first.control, "here"));
    expect(first.struck.length).toBeGreaterThan(5);
    expect(first.struck.length).toBeLessThan(40);
  });

  it("lets only the named ones strike, without moving any other", () => {
    const all = controlOf();
    passes(all.control, "here");
    const chosen = all.struck[3];
    if (chosen === undefined) throw new Error("Too few faults struck.");
    const one = controlOf(new Set([chosen.number]));
    passes(one.control, "here");
    expect(one.struck).toEqual([chosen]);
  });

  it("keeps the name of a fault although an earlier minute went otherwise", () => {
    const { control } = controlOf();
    const other = controlOf().control;
    const place = control.placeOf("here");
    const same = other.placeOf("here");
    for (let count = 0; count < 9; count++) same.pass(0);
    place.pass(0);
    expect(same.pass(MINUTE_MS)).toBe(place.pass(MINUTE_MS));
  });

  it("strikes nothing that is not enabled, and nothing after it was stopped", () => {
    const { control, struck } = controlOf();
    const place = control.placeOf("here");
    for (let count = 0; count < 100; count++) control.strikes("zombie", place.pass(0), "here");
    control.stop();
    passes(control, "here");
    expect(struck).toEqual([]);
  });
});

const planOf = (seed: number) =>
  planFaults(createRandomStreams(seed).stream("plan"), ["zombie", "delay"]);

describe("the plan of faults", () => {
  it("differs from seed to seed, and every kind has its seeds", () => {
    const plans = Array.from({ length: 300 }, (_, seed) =>
      planFaults(createRandomStreams(seed).stream("plan"), undefined),
    );
    const kinds = new Set(plans.flat().map(({ kind }) => kind));
    expect([...kinds].toSorted()).toEqual([...FAULT_KINDS].toSorted());
    expect(plans.some((plan) => plan.length === 0)).toBe(true);
    expect(new Set(plans.map((plan) => plan.length)).size).toBeGreaterThan(10);
  });

  it("holds to what is allowed, at rates that every seed draws for itself", () => {
    expect(planOf(1).map(({ kind }) => kind)).toEqual(["delay", "zombie"]);
    expect(planOf(1)).not.toEqual(planOf(2));
    expect(planFaults(createRandomStreams(1).stream("plan"), [])).toEqual([]);
  });
});
