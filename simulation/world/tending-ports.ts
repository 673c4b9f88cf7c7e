import type { AtOnce } from "../../shared/adapters/memory/at-once.ts";
import type { Item, ItemStore } from "../../shared/adapters/stored/item-store.ts";
import { createStoredSignedPolicies } from "../../shared/adapters/stored/signed-policies.ts";
import type { HealingRecord } from "../../shared/domain/healing/remedy.ts";
import type { AlertRecord } from "../../shared/ports/telemetry.ts";
import {
  createKeepConfiguration,
  type KeepConfigurationDeps,
} from "../../shared/use-cases/keep-configuration.ts";
import type { FunctionPorts } from "../../local/function-ports.ts";
import { isTending } from "../services/ledger-store.ts";
import type { Reachable } from "./reachable.ts";
import { SIMULATED_SEAL } from "./simulated-seal.ts";

/** A Region's telemetry that tells, as it is written, of alerts, of healing and of what tends. */
export const watchTelemetry = (
  store: AtOnce<ItemStore>,
  reach: Pick<Reachable, "observe" | "actorOf" | "functionName">,
): AtOnce<ItemStore> => {
  const tends = isTending(reach.functionName);
  return {
    ...store,
    put: (item, condition) => {
      const actor = reach.actorOf();
      const stored = store.put(item, condition);
      if (stored.ok) tellOf(item, reach.observe, actor, tends);
      return stored;
    },
  };
};

const tellOf = (
  { partition, sort, document }: Item,
  observe: Reachable["observe"],
  actor: ReturnType<Reachable["actorOf"]>,
  tends: boolean,
): void => {
  if (tends) observe({ type: "tendingWrote", actor, table: "telemetry", partition, document });
  // What these partitions hold is what the adapter has just put there.
  if (partition.startsWith("alerts#") && sort.startsWith("key#")) {
    observe({ type: "alertKept", actor, record: document as AlertRecord });
  } else if (partition.startsWith("healing#") && partition.endsWith("#log")) {
    observe({ type: "healingNoted", actor, record: document as HealingRecord });
  }
};

/** The keeper of what was signed, for the functions that have one. */
export const createConfigurationPort = (
  deps: Omit<KeepConfigurationDeps, "settings" | "policies" | "seal" | "signer">,
  ledgerItems: ItemStore,
  { settings, functionName }: Pick<Reachable, "settings" | "functionName">,
): FunctionPorts["signedConfiguration"] =>
  KEEPERS.has(functionName)
    ? createKeepConfiguration({
        ...deps,
        settings,
        policies: createStoredSignedPolicies(ledgerItems),
        seal: SIMULATED_SEAL,
      })
    : undefined;

const KEEPERS: ReadonlySet<Reachable["functionName"]> = new Set([
  "open-cycle",
  "execute-orders",
  "run-diagnostics",
]);
