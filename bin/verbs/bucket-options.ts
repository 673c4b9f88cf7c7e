import type { VerbOption } from "../verb.ts";

/** Where a deployment keeps its backups; without a bucket it is the local world's directory. */
export const bucketOptions: readonly VerbOption[] = [
  {
    flags: "--bucket <name>",
    description: "the locked bucket of a deployment, read with your own AWS credentials",
  },
  { flags: "--region <region>", description: "the bucket's Region", default: "us-east-2" },
  {
    flags: "--copies <name>",
    description: "the bucket beside it with copies of the other Region's audit, read as well",
  },
];
