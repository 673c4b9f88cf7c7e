import {
  createChaosFollower,
  lookFirst,
  type ChaosFollower,
  type PromisingPort,
} from "../../adapters/chaos/chaos-control.ts";
import { createDynamoClient } from "../../adapters/aws/clients.ts";
import { createDynamoItemStore } from "../../adapters/aws/item-store.ts";
import { createHostClock } from "../../adapters/host/clock.ts";
import { createStoredChaosLog } from "../../adapters/stored/chaos-log.ts";
import {
  chaosWorldOf,
  FAILURES,
  STRIKES_ONCE,
  type Failure,
} from "../../domain/chaos/chaos-mode.ts";
import type { Mode } from "../../domain/settings.ts";
import type { Chaos } from "../../ports/chaos.ts";
import { EnvironmentInvalid } from "../environment.ts";

/** What of a function's environment says whether anything may be broken on purpose. */
export type ChaosEnvironment = {
  readonly HOLDFAST_MODE?: Mode | undefined;
  readonly HOLDFAST_REGION: string;
  /** Only where the deployment was told so by its context. */
  readonly HOLDFAST_CHAOS?: "allowed" | undefined;
  readonly TELEMETRY_TABLE?: string | undefined;
};

/** Damage to what is stored is a local world's; a function's clock is the host's own. */
const NOT_DEPLOYED: readonly Failure[] = [...STRIKES_ONCE, "clock_skew"];

let connected: ChaosFollower | undefined;

/**
 * What this environment's adapters follow; `undefined` where nothing may be broken. One an
 * environment. Throws `EnvironmentInvalid` where orders are real: such a function does not start.
 */
export const connectChaos = (environment: ChaosEnvironment): ChaosFollower | undefined => {
  const { HOLDFAST_CHAOS, HOLDFAST_MODE: mode, HOLDFAST_REGION: region } = environment;
  if (HOLDFAST_CHAOS === undefined) return undefined;
  const world = chaosWorldOf(mode ?? "live");
  if (!world.ok) throw new EnvironmentInvalid(["HOLDFAST_CHAOS"]);
  const table = environment.TELEMETRY_TABLE;
  if (table === undefined) return undefined;
  if (connected !== undefined) return connected;
  const client = createDynamoClient({ region });
  const store = createDynamoItemStore({ client, table, reads: "eventual" });
  const log = createStoredChaosLog(store, { region });
  connected = createChaosFollower(world.value, log, createHostClock());
  return connected;
};

/** Breaking on purpose, for the operator's API; `undefined` where nothing may be broken. */
export const connectChaosDesk = (environment: ChaosEnvironment): Chaos | undefined => {
  const follower = connectChaos(environment);
  if (follower === undefined) return undefined;
  const causes = FAILURES.filter((failure) => !NOT_DEPLOYED.includes(failure));
  return { log: follower.log, causes, strikes: {}, clock: createHostClock() };
};

/** A port as chaos leaves it, which looks at what others noted before each call. */
export const underChaos = <Port extends PromisingPort>(
  port: Port,
  environment: ChaosEnvironment,
  disturb: (port: Port, chaos: ChaosFollower) => Port,
): Port => {
  const chaos = connectChaos(environment);
  return chaos === undefined ? port : lookFirst(disturb(port, chaos), chaos);
};
