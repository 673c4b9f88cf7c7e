import type { RemedyName } from "../../../domain/healing/remedy.ts";
import { cleanDisk } from "./clean-disk.ts";
import type { Remedy } from "./remedy-module.ts";
import { resetVendor } from "./reset-vendor.ts";
import { restartPolling } from "./restart-polling.ts";
import { restoreConfiguration } from "./restore-configuration.ts";
import { retireEnvironment } from "./retire-environment.ts";
import { switchFlagBack } from "./switch-flag-back.ts";
import { rebuildCell, redriveDeadLetters, refetchFlow, settleUnknown } from "./wake-functions.ts";

/** Every remedy there is, by its name: what is not here cannot be done. */
export const REMEDIES: Readonly<Record<RemedyName, Remedy>> = {
  restoreConfiguration,
  resetVendor,
  retireEnvironment,
  cleanDisk,
  redriveDeadLetters,
  rebuildCell,
  refetchFlow,
  switchFlagBack,
  restartPolling,
  settleUnknown,
};
