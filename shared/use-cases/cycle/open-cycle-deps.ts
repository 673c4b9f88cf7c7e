import type { Settings } from "../../domain/settings.ts";
import type { MarketCalendar } from "../../ports/calendar.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { CheckCompatibilityDeps } from "../check-compatibility.ts";
import type { KeepConfiguration } from "../keep-configuration.ts";
import type { CellWriterDeps } from "../update-cell.ts";

/** What opening a cycle needs. */
export type OpenCycleDeps = CellWriterDeps &
  CheckCompatibilityDeps & {
    readonly calendar: MarketCalendar;
    readonly telemetry: Telemetry;
    readonly clock: Clock;
    readonly settings: Settings;
    /** The one Region that may open the account; absent where there is no other one. */
    readonly opensIn?: string | undefined;
    /** Absent where nothing is signed. */
    readonly configuration?: Partial<Pick<KeepConfiguration, "check">> | undefined;
  };
