import { createBackOff } from "../../shared/adapters/aws/back-off.ts";
import { createDynamoClient } from "../../shared/adapters/aws/clients.ts";
import { createDynamoRestoreTarget } from "../../shared/adapters/aws/restore-target.ts";
import { createHostRandom } from "../../shared/adapters/host/random.ts";
import type { RestoreTarget } from "../../shared/ports/restore-target.ts";

/** A new table of DynamoDB in the bucket's Region, made with the operator's own credentials. */
export const openRestoreTable = (name: string, region: string): RestoreTarget =>
  createDynamoRestoreTarget({
    client: createDynamoClient({ region }),
    name,
    backOff: createBackOff(createHostRandom()),
  });
