import { ApiStack } from "../../lib/stacks/api-stack.ts";
import type { BackupStack } from "../../lib/stacks/backup-stack.ts";
import type { TradingStack } from "../../lib/stacks/trading-stack.ts";
import { describeStack, type Region } from "./region.ts";

/** Adds the operator's API, only where somebody vouches for the operators: it is never open. */
export const addApi = (
  region: Region,
  { trading, backup }: { readonly trading: TradingStack; readonly backup: BackupStack },
): ApiStack | undefined => {
  const { app, deployment, platform, prefix } = region;
  if (deployment.identity === undefined) return undefined;
  return new ApiStack(app, `${prefix}-api`, {
    ...describeStack(region, "the operator's API"),
    identity: deployment.identity,
    reader: trading.serveApi,
    control: trading.controlTrading,
    deadLetters: trading.redriveDeadLetters,
    backUp: backup.backUp,
    logsKey: platform.keys.logs,
  });
};
