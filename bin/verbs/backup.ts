import type { Verb } from "../verb.ts";
import { bucketOptions } from "./bucket-options.ts";
import { wishOptions } from "./wish-options.ts";

/** Lists, makes and verifies backups of the ledger. */
export const backup: Verb = {
  name: "backup",
  summary: "List the backups of the ledger, make one now, or verify that they can be restored.",
  arguments: [
    {
      name: "action",
      description:
        "list: the chain of exports; now: export what is new; verify: read every file, rebuild " +
        "aside and check what it means",
      isRequired: true,
      choices: ["list", "now", "verify"],
    },
  ],
  options: [
    {
      flags: "--at <time>",
      description: "verify: as of this moment, ISO 8601; the newest by default",
    },
    {
      flags: "--accept <list>",
      description: "verify: shares held without an order of ours, such as IBM=5,MSFT=-2",
    },
    { flags: "--archive", description: "list: telemetry's exports, the archive of ticks, instead" },
    ...bucketOptions,
    ...wishOptions,
    { flags: "--config <file>", description: "the configuration", default: "holdfast.yaml" },
  ],
  examples: [
    "backup list",
    "backup now --json",
    "backup verify",
    "backup list --bucket holdfast-paper-locked --region us-east-2",
  ],
  run: async (input, context) =>
    (await import("../reports/backup.ts")).reportBackup(input, context),
};
