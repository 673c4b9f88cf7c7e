import {
  chaosWorldOf,
  parseChaosMode,
  type ChaosMode,
} from "../../shared/domain/chaos/chaos-mode.ts";
import type { Mode } from "../../shared/domain/settings.ts";
import { usageFault, VerbFault } from "../verb.ts";

/**
 * What CHAOS_MODE asks to be broken from the start. A live account refuses every word but `off`,
 * and a word that nobody knows is a mistake in every mode. Throws `VerbFault`.
 */
export const readChaos = (
  environment: Readonly<Record<string, string | undefined>>,
  mode: Mode,
): ChaosMode => {
  const chaos = parseChaosMode(environment["CHAOS_MODE"]);
  if (chaos === undefined) {
    throw usageFault("CHAOS_MODE is no failure that is known; chaos list names them.");
  }
  const world = chaosWorldOf(mode);
  if (chaos !== "off" && !world.ok) throw new VerbFault(world.error.sentence);
  return chaos;
};
