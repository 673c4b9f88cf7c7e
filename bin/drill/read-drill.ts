import { FAULT_PLANS, plansNamed, type FaultPlan } from "../../local/drills/orders/fault-plans.ts";
import {
  FAILOVER_SCENARIOS,
  type FailoverScenario,
} from "../../local/drills/failover/failover-scenarios.ts";
import { VENDOR_PLANS, type VendorPlan } from "../../local/drills/vendors/vendor-plans.ts";
import { usageFault, type VerbInput } from "../verb.ts";

/** What the user asked of `drill`, checked. */
export type DrillRequest = {
  readonly what: "orders" | "kills" | "vendors" | "failover" | "restore";
  readonly plans: readonly FaultPlan[];
  readonly scenarios: readonly VendorPlan[];
  readonly failovers: readonly FailoverScenario[];
  readonly seconds: number;
  readonly times: number;
  readonly seed: number;
  readonly speed: number;
  readonly config: string;
  /** Whose archive the report is kept in. */
  readonly state: string;
};

const SEED_MAX = 2 ** 32 - 1;
const SPEED_MAX = 120;
const TIMES_MAX = 1_000;
const SECONDS_MIN = 60;
const SECONDS_MAX = 10_800;

/** Reads what was typed. Throws a `VerbFault` for the first thing that cannot be meant. */
export const readDrill = ({ arguments: [what], options }: VerbInput): DrillRequest => ({
  what:
    what === "kills" || what === "vendors" || what === "failover" || what === "restore"
      ? what
      : "orders",
  plans: readPlans(options["faults"]),
  ...readScenarios(what, options["all"] === true ? undefined : options["scenario"]),
  seconds: readWhole("--seconds", options["seconds"], SECONDS_MIN, SECONDS_MAX),
  times: readWhole("--times", options["times"], 1, TIMES_MAX),
  seed: readWhole("--seed", options["seed"], 0, SEED_MAX),
  speed: readWhole("--speed", options["speed"] ?? defaultSpeed(what), 1, SPEED_MAX),
  config: String(options["config"]),
  state: String(options["state"] ?? ".holdfast"),
});

/** The faster a world, the less of its minute is left to answer in; orders do not mind. */
const defaultSpeed = (what: string | undefined): string =>
  what === "vendors" ? "20" : what === "failover" ? "20" : "60";

const readPlans = (value: string | boolean | undefined): readonly FaultPlan[] => {
  if (typeof value !== "string") return FAULT_PLANS;
  const names = value.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !FAULT_PLANS.some((plan) => plan.name === name));
  if (unknown === undefined) return plansNamed(names);
  const known = FAULT_PLANS.map(({ name }) => name).join(", ");
  throw usageFault(`--faults takes ${known}; there is no fault ${JSON.stringify(unknown)}.`);
};

/** Each drill has scenarios of its own, under one option. */
const readScenarios = (
  what: string | undefined,
  value: string | boolean | undefined,
): Pick<DrillRequest, "scenarios" | "failovers"> => ({
  scenarios: what === "failover" ? VENDOR_PLANS : pickNamed(VENDOR_PLANS, value),
  failovers: what === "failover" ? pickNamed(FAILOVER_SCENARIOS, value) : FAILOVER_SCENARIOS,
});

const pickNamed = <Plan extends { readonly name: string }>(
  plans: readonly Plan[],
  value: string | boolean | undefined,
): readonly Plan[] => {
  if (typeof value !== "string") return plans;
  const names = value.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !plans.some((plan) => plan.name === name));
  if (unknown === undefined) return plans.filter(({ name }) => names.includes(name));
  const known = plans.map(({ name }) => name).join(", ");
  throw usageFault(`--scenario takes ${known}; there is no scenario ${JSON.stringify(unknown)}.`);
};

const readWhole = (
  name: string,
  value: string | boolean | undefined,
  min: number,
  max: number,
): number => {
  const number = typeof value === "string" && /^\d{1,12}$/.test(value) ? Number(value) : NaN;
  if (number >= min && number <= max) return number;
  throw usageFault(`${name} takes a whole number from ${min} to ${max}, not ${String(value)}.`);
};
