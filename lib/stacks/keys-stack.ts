import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { RegionKeys } from "../constructs/region-keys.ts";

/** The name of the tables' key. */
export type KeysStackProps = StackProps & { readonly tablesAlias: string };

/** A Region's keys, first of all: everything else is encrypted with them. */
export class KeysStack extends Stack {
  readonly keys: RegionKeys;

  constructor(scope: Construct, id: string, props: KeysStackProps) {
    super(scope, id, props);
    this.keys = new RegionKeys(this, "keys", props);
  }
}
