import { FLAG_NAMES, type FlagName, type FlagPolicy } from "../../domain/flags/flag.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

/** A feature as it is configured, and why it is off all the same, if it is. */
export type FlagView = FlagPolicy & {
  readonly flag: FlagName;
  readonly rolledBack: { readonly atMs: number; readonly reason: string } | null;
};

/** Reads every feature's flag. */
export const createReadFlags =
  (deps: {
    readonly telemetry: Pick<Telemetry, "loadRollbacks">;
    readonly settings: Pick<Settings, "flags">;
  }) =>
  async (): Promise<{ readonly flags: readonly FlagView[] }> => {
    const rollbacks = await deps.telemetry.loadRollbacks();
    const flags = FLAG_NAMES.map((flag): FlagView => {
      const policy = deps.settings.flags[flag];
      const standing = rollbacks.find((one) => one.flag === flag && one.percent === policy.percent);
      const rolledBack =
        standing === undefined ? null : { atMs: standing.atMs, reason: standing.reason };
      return { ...policy, flag, rolledBack };
    });
    return { flags };
  };
