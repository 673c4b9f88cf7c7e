import { parseTicker, type Ticker } from "../../shared/domain/market/ticker.ts";
import type { Configuration } from "../../shared/runtime/configuration-schema.ts";
import { toSettings } from "../../shared/runtime/configuration-settings.ts";
import type { Settings } from "../../shared/domain/settings.ts";

/**
 * The user's configuration with what makes an account trade often: many symbols, a low gate, short
 * holdings, no rest between entries, both directions. The guard and its limits stay as they are.
 */
export const busyConfiguration = (configuration: Configuration): Configuration => ({
  ...configuration,
  symbols: SYMBOLS,
  scoring: {
    ...configuration.scoring,
    thresholds: { ...configuration.scoring.thresholds, [configuration.scoring.tier]: LOW_GATE },
  },
  exit: { ...configuration.exit, holdingMaxMinutes: 1 },
  limits: {
    ...configuration.limits,
    minCooldownMinutes: 0,
    maxEntriesPerDay: 10_000,
    allowShortSelling: true,
  },
});

/** Settings of the local world from such a configuration. */
export const drillSettings = (configuration: Configuration): Settings =>
  toSettings(busyConfiguration(configuration), { mode: "sim", region: "local" });

const LOW_GATE = 0.5;

/** `AA` to `DE`: every name is listed in the simulated market, each with a price of its own. */
const SYMBOLS: Ticker[] = ["A", "B", "C", "D"].flatMap((first) =>
  ["A", "B", "C", "D", "E"].flatMap((second) => parseTicker(first + second) ?? []),
);
