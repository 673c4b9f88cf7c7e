import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { RegionKeys, type RegionKeysProps } from "../constructs/region-keys.ts";

/** The names of the keys that another Region must know. */
export type KeysStackProps = StackProps & RegionKeysProps;

/** A Region's keys, first of all: everything else is encrypted with them. */
export class KeysStack extends Stack {
  readonly keys: RegionKeys;

  constructor(scope: Construct, id: string, props: KeysStackProps) {
    super(scope, id, props);
    this.keys = new RegionKeys(this, "keys", props);
  }
}
