import { StorageStack } from "../../lib/stacks/storage-stack.ts";
import { describeStack, type Region } from "./region.ts";

/** Adds the archive, what nobody may change, and the credentials of vendors. */
export const addStorage = (region: Region): StorageStack => {
  const { app, deployment, platform, copies, prefix } = region;
  const other = copies.find(({ target }) => target.region !== platform.region);
  const storage = new StorageStack(app, `${prefix}-storage`, {
    ...describeStack(region, "archive and credentials"),
    terminationProtection: true,
    keys: platform.keys,
    lockDays: deployment.lockDays,
    copies: other?.target,
    hasDrills: deployment.drills !== "none",
  });
  // S3 copies only into a bucket that is there.
  if (other !== undefined) storage.addStackDependency(other.stack);
  return storage;
};
