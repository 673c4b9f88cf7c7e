import { createBackOff } from "../../shared/adapters/aws/back-off.ts";
import { createDynamoClient } from "../../shared/adapters/aws/clients.ts";
import { createKeptRestoreTarget } from "../../shared/adapters/aws/kept-restore-target.ts";
import { createHostRandom } from "../../shared/adapters/host/random.ts";
import { isRestoredTable, RESTORED_PREFIX } from "../../shared/domain/backup/restored-table.ts";
import type { RestoreTarget } from "../../shared/ports/restore-target.ts";
import { usageFault, type VerbInput } from "../verb.ts";

/**
 * A new table of DynamoDB in the bucket's Region, and in the second one if there is one, made with
 * the operator's own credentials.
 */
export const openRestoreTable = (
  name: string,
  region: string,
  { options }: VerbInput,
): RestoreTarget => {
  if (!isRestoredTable(name)) {
    throw usageFault(
      `--to takes a name that begins with ${RESTORED_PREFIX}: no live table has one.`,
    );
  }
  const { second, witness } = options;
  if ((second === undefined) !== (witness === undefined)) {
    throw usageFault("--second and --witness belong together: give both, or neither.");
  }
  const regions = [region, second, witness].filter((one) => one !== undefined);
  if (new Set(regions).size !== regions.length) {
    throw usageFault("--region, --second and --witness must differ.");
  }
  return createKeptRestoreTarget({
    client: createDynamoClient({ region }),
    name,
    keyArn: String(options["key"]),
    second:
      typeof second === "string" && typeof witness === "string"
        ? { region: second, witness, client: createDynamoClient({ region: second }) }
        : undefined,
    backOff: createBackOff(createHostRandom()),
  });
};
