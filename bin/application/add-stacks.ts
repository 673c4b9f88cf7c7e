import type { App, Stack } from "aws-cdk-lib";
import type { TableLayout } from "../../lib/constructs/global-table.ts";
import type { Platform } from "../../lib/constructs/platform.ts";
import type { Deployment } from "../../lib/deployment.ts";
import { CopiesStack } from "../../lib/stacks/copies-stack.ts";
import { KeysStack } from "../../lib/stacks/keys-stack.ts";
import { TablesStack } from "../../lib/stacks/tables-stack.ts";
import { addRegion } from "./add-region.ts";
import type { Copies } from "./region.ts";

/** What is the same in every Region. */
export type Everywhere = Pick<Platform, "configuration" | "code">;

/** Adds the stateful stacks once, then everything that runs in each Region. */
export const addStacks = (app: App, deployment: Deployment, everywhere: Everywhere): void => {
  const { mode, account, primaryRegion, second, chaos, tradesIn } = deployment;
  const regions = second === undefined ? [primaryRegion] : [primaryRegion, second.region];
  const keysByRegion = regions.map((region) => addKeys(app, deployment, region));
  const [primary] = keysByRegion;
  if (primary === undefined) return;
  const tables = new TablesStack(app, `holdfast-${mode}-${primaryRegion}-tables`, {
    env: { account, region: primaryRegion },
    description: `Holdfast (${mode}): ledger and telemetry.`,
    terminationProtection: true,
    key: primary.keysStack.keys.tables,
    layout: tableLayout(deployment),
    restoredLedger: deployment.restoredLedger,
  });
  for (const { keysStack } of keysByRegion) tables.addStackDependency(keysStack);
  const copies = second === undefined ? [] : addCopies(app, deployment, keysByRegion);
  const running = new Map<string, readonly Stack[]>();
  for (const { region, keysStack } of keysByRegion) {
    const platform = { ...everywhere, mode, region, keys: keysStack.keys, chaos };
    const prefix = `holdfast-${mode}-${region}`;
    running.set(region, addRegion({ app, deployment, platform, tables, copies, prefix }));
  }
  deployPassiveFirst(running, tradesIn);
};

/** Another Region knows these names before this one is deployed. */
const tablesAlias = ({ mode }: Deployment): string => `alias/holdfast-${mode}-tables`;
const lockedAlias = ({ mode }: Deployment): string => `alias/holdfast-${mode}-locked`;

type RegionsKeys = { readonly region: string; readonly keysStack: KeysStack };

const addKeys = (app: App, deployment: Deployment, region: string): RegionsKeys => {
  const { mode, account, primaryRegion, policySigner } = deployment;
  const keysStack = new KeysStack(app, `holdfast-${mode}-${region}-keys`, {
    env: { account, region },
    description: `Holdfast (${mode}): keys.`,
    terminationProtection: true,
    tablesAlias: tablesAlias(deployment),
    lockedAlias: lockedAlias(deployment),
    policy: {
      alias: `alias/holdfast-${mode}-policy`,
      // One for all Regions: who signs does so for each of them in one go.
      signerArn: policySigner ?? bootstrapRole(account, primaryRegion),
    },
  });
  return { region, keysStack };
};

/** The role that deploys, as bootstrapping an account for the CDK names it. */
const bootstrapRole = (account: string, region: string): string =>
  `arn:aws:iam::${account}:role/cdk-hnb659fds-deploy-role-${account}-${region}`;

const tableLayout = (deployment: Deployment): TableLayout => {
  const { account, second } = deployment;
  if (second === undefined) return { type: "oneRegion" };
  return {
    type: "twoRegions",
    replicaRegion: second.region,
    replicaKeyArn: `arn:aws:kms:${second.region}:${account}:${tablesAlias(deployment)}`,
    witnessRegion: second.witness,
  };
};

/** A bucket in each Region for what the other one locks, before either locks anything. */
const addCopies = (
  app: App,
  deployment: Deployment,
  regions: readonly RegionsKeys[],
): readonly Copies[] =>
  regions.map(({ region, keysStack }) => {
    const { mode, account, lockDays } = deployment;
    const bucketName = `holdfast-${mode}-copies-${region}-${account}`;
    const stack = new CopiesStack(app, `holdfast-${mode}-${region}-copies`, {
      env: { account, region },
      description: `Holdfast (${mode}): copies of what the other Region locks.`,
      terminationProtection: true,
      key: keysStack.keys.locked,
      lockDays,
      bucketName,
    });
    return { stack, target: { region, bucketName, keyAlias: lockedAlias(deployment) } };
  });

/** A change runs where it cannot trade before it comes to where it can, and fails there first. */
const deployPassiveFirst = (
  running: ReadonlyMap<string, readonly Stack[]>,
  tradesIn: string,
): void => {
  const passive = [...running].flatMap(([region, stacks]) => (region === tradesIn ? [] : stacks));
  for (const stack of running.get(tradesIn) ?? []) {
    for (const earlier of passive) stack.addStackDependency(earlier);
  }
};
