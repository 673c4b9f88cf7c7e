import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import {
  FailoverExperiments,
  type FailoverExperimentsProps,
} from "../constructs/failover-experiments.ts";

/** What may be broken in this Region. */
export type ExperimentsStackProps = StackProps & FailoverExperimentsProps;

/** How this Region is broken on purpose, from the other one; last of all, since alarms stop it. */
export class ExperimentsStack extends Stack {
  readonly experiments: FailoverExperiments;

  constructor(scope: Construct, id: string, props: ExperimentsStackProps) {
    super(scope, id, props);
    this.experiments = new FailoverExperiments(this, "failover", props);
  }
}
