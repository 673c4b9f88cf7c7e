import type { App } from "aws-cdk-lib";
import type { Platform } from "../../lib/constructs/platform.ts";
import type { ReplicationTarget } from "../../lib/constructs/locked-replication.ts";
import type { Deployment } from "../../lib/deployment.ts";
import type { CopiesStack } from "../../lib/stacks/copies-stack.ts";
import type { TablesStack } from "../../lib/stacks/tables-stack.ts";

/** Where one Region's locked objects are copied to. */
export type Copies = { readonly stack: CopiesStack; readonly target: ReplicationTarget };

/** What every stack of one Region is made from. */
export type Region = {
  readonly app: App;
  readonly deployment: Deployment;
  readonly platform: Platform;
  readonly tables: TablesStack;
  /** Of both Regions; none where there is one. */
  readonly copies: readonly Copies[];
  /** Begins the names of the Region's stacks, queues and alarms. */
  readonly prefix: string;
};

/** The other Region, `us-west-2`; none where there is one. */
export const peerOf = ({ deployment, platform }: Region): string | undefined =>
  [deployment.primaryRegion, deployment.second?.region].find(
    (other) => other !== undefined && other !== platform.region,
  );

/** Where a stack of this Region stands, and what it says of itself. */
export const describeStack = ({ deployment, platform }: Region, what: string) => ({
  env: { account: deployment.account, region: platform.region },
  description: `Holdfast (${platform.mode}): ${what}.`,
});
