import type { Clock } from "../../shared/ports/clock.ts";
import type { Healing } from "../../shared/ports/healing.ts";
import type { OwnEnvironment } from "../../shared/ports/own-environment.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import { createTendEnvironment } from "../../shared/use-cases/healing/tend-environment.ts";
import type { Functions } from "../functions.ts";

/** What the local world's environment is made of. */
export type WorldEnvironmentOptions = {
  /** Builds every function, with what looks after the environment behind each invocation. */
  readonly build: (tendEnvironment: () => Promise<void>) => Functions;
  readonly own: Omit<OwnEnvironment, "retire">;
  readonly healing: Pick<Healing, "report" | "orders">;
  readonly telemetry: Pick<Telemetry, "recordEvidence">;
  readonly clock: Clock;
  /** What else ends with the functions, their connections for instance. */
  readonly onRetire: () => void;
};

/** The name under which this world's one environment reports. */
export const WORLD_ENVIRONMENT = "local-world";

/**
 * The local world runs every function in one process, which is their one environment. It ends as
 * it does on AWS, behind the answer that is under way: whatever the functions hold is let go, and
 * the next event finds new ones.
 */
export const createWorldEnvironment = (options: WorldEnvironmentOptions): Functions => {
  const { build, own, healing, telemetry, clock, onRetire } = options;
  let current: Functions | undefined;
  const retire = (): void => {
    current = undefined;
    onRetire();
  };
  const begin = (): Functions => {
    const tended = { functionName: WORLD_ENVIRONMENT, own: { ...own, retire } };
    return build(createTendEnvironment({ ...tended, healing, telemetry, clock }));
  };
  const now = (): Functions => (current ??= begin());
  return {
    openCycle: (event) => now().openCycle(event),
    pollMarketData: (event) => now().pollMarketData(event),
    pollFlow: (event) => now().pollFlow(event),
    closeCycle: (event) => now().closeCycle(event),
    scoreSignals: (event) => now().scoreSignals(event),
    executeOrders: (event) => now().executeOrders(event),
    reconcileOrders: (event) => now().reconcileOrders(event),
    keepAudit: (event) => now().keepAudit(event),
    keepLease: (event) => now().keepLease(event),
    failOver: (event) => now().failOver(event),
    redriveDeadLetters: (event) => now().redriveDeadLetters(event),
    controlDeadLetters: (event) => now().controlDeadLetters(event),
    backUp: (event) => now().backUp(event),
    controlBackups: (event) => now().controlBackups(event),
    aggregateHealth: (event) => now().aggregateHealth(event),
    probePipeline: (event) => now().probePipeline(event),
    runDiagnostics: (event) => now().runDiagnostics(event),
    notify: (event) => now().notify(event),
    serveApi: (event) => now().serveApi(event),
    controlTrading: (event) => now().controlTrading(event),
  };
};
