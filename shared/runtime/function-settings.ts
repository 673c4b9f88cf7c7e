import * as z from "zod";
import type { QuietHours } from "../domain/alerts/quiet-hours.ts";
import type { Mode, Settings } from "../domain/settings.ts";
import { Configuration } from "./configuration-schema.ts";
import { toQuietHours, toSettings } from "./configuration-settings.ts";
import { EnvironmentInvalid } from "./environment.ts";

/** What of a function's environment the settings are made from. */
export type SettingsEnvironment = {
  readonly HOLDFAST_MODE: Mode;
  readonly HOLDFAST_REGION: string;
  readonly HOLDFAST_CONFIGURATION: string;
};

/** The settings that the stack wrote. Throws `EnvironmentInvalid`: without them nothing may run. */
export const settingsOf = (environment: SettingsEnvironment): Settings => {
  const parsed = Configuration.safeParse(parseJson(environment.HOLDFAST_CONFIGURATION));
  if (parsed.success) {
    return toSettings(parsed.data, {
      mode: environment.HOLDFAST_MODE,
      region: environment.HOLDFAST_REGION,
    });
  }
  const paths = parsed.error.issues.map((issue) =>
    ["HOLDFAST_CONFIGURATION", ...issue.path.map(String)].join("."),
  );
  throw new EnvironmentInvalid([...new Set(paths)].toSorted());
};

/** The quiet hours alone, for who tells people; none where the rest is not to be read either. */
export const quietHoursOf = ({
  HOLDFAST_CONFIGURATION: text,
}: Pick<SettingsEnvironment, "HOLDFAST_CONFIGURATION">): QuietHours | undefined => {
  const parsed = AlertsOfConfiguration.safeParse(parseJson(text));
  return parsed.success ? toQuietHours(parsed.data.alerts.quietHours) : undefined;
};

const AlertsOfConfiguration = z.object({ alerts: Configuration.shape.alerts });

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
