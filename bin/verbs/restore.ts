import type { Verb } from "../verb.ts";
import { bucketOptions } from "./bucket-options.ts";
import { stateOption } from "./state-option.ts";
import { yesOption } from "./wish-options.ts";

/** Rebuilds the ledger from its backups into a new table. */
export const restore: Verb = {
  name: "restore",
  summary: "Rebuild the ledger from its backups into a new table; never into one that exists.",
  options: [
    {
      flags: "--at <time>",
      description: "the newest moment that may be in it, ISO 8601; the newest backup by default",
    },
    {
      flags: "--to <table>",
      description:
        "the new table: `holdfast` is the local world's own, once it is lost; in a deployment the " +
        "name begins with `holdfast-restored-`",
    },
    {
      flags: "--accept <list>",
      description: "shares held without an order of ours, such as IBM=5,MSFT=-2",
    },
    {
      flags: "--epoch-above <n>",
      description: "an epoch that was used, above every one that the locked audit tells of",
      default: "0",
    },
    {
      flags: "--adopt",
      description:
        "in a deployment: the table takes the ledger's place, and the audit goes on with it",
    },
    {
      flags: "--trades-in <region>",
      description:
        "in a deployment: the Region that has the account then; by default that of the backup",
    },
    {
      flags: "--second <region>",
      description:
        "in a deployment: the Region of the replica, which the new table has from the start",
    },
    {
      flags: "--second-bucket <name>",
      description:
        "with --second: that Region's own locked bucket, whose newest records of the audit may not " +
        "be among the copies yet; --adopt needs it, or `none` where that Region answers nobody",
    },
    { flags: "--witness <region>", description: "with --second: the Region that only votes" },
    {
      flags: "--key <alias>",
      description: "in a deployment: the tables' key, by the same alias in each Region",
      default: "alias/holdfast-paper-tables",
    },
    ...bucketOptions,
    stateOption,
    yesOption,
    { flags: "--config <file>", description: "the configuration", default: "holdfast.yaml" },
  ],
  examples: [
    "restore --to holdfast",
    "restore --at 2026-11-20T15:00:00Z --to before-the-change --json",
    "restore --adopt --to holdfast-restored-1 --bucket LOCKED --copies COPIES --second us-west-2 --second-bucket LOCKED_2 --witness us-east-1",
  ],
  run: async (input, context) =>
    (await import("../reports/restore.ts")).reportRestore(input, context),
};
