import { RemovalPolicy } from "aws-cdk-lib";
import { ScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import type { Construct } from "constructs";

/**
 * The schedules of a stack. The group has a name and keeps nothing: one that stayed behind would
 * refuse its name to the next stack.
 */
export class StackScheduleGroup extends ScheduleGroup {
  constructor(scope: Construct, id: string) {
    super(scope, id, { removalPolicy: RemovalPolicy.DESTROY });
  }
}
