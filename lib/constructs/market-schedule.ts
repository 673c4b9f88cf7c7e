import { Duration, Stack } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Schedule,
  type IScheduleGroup,
  type ScheduleExpression,
  type ScheduleTargetInput,
} from "aws-cdk-lib/aws-scheduler";
import { Construct } from "constructs";
import { allow } from "./allow.ts";
import type { DeadLetterQueue } from "./dead-letter-queue.ts";

/** What a schedule can wake, and the one action that does it: `lambda:InvokeFunction`. */
export type Wakeable = { readonly wake: { readonly arn: string; readonly action: string } };

/** When and what a schedule wakes. */
export type MarketScheduleProps = {
  readonly description: string;
  /** In New York's time. */
  readonly expression: ScheduleExpression;
  readonly group: IScheduleGroup;
  readonly target: Wakeable;
  readonly input?: ScheduleTargetInput;
  /** Where slots go that could not be started. */
  readonly missed: DeadLetterQueue;
};

/**
 * Wakes something by New York's clock. A slot is worth a minute: it is tried again once, then it
 * is reported as missed, because the next one is due.
 */
export class MarketSchedule extends Construct {
  readonly schedule: Schedule;

  constructor(scope: Construct, id: string, props: MarketScheduleProps) {
    super(scope, id);
    const { group, input, missed } = props;
    const { arn, action } = props.target.wake;
    const role = new Role(this, "role", {
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: {
          StringEquals: {
            "aws:SourceAccount": Stack.of(this).account,
            "aws:SourceArn": group.scheduleGroupArn,
          },
        },
      }),
      description: `What the schedule ${id} may start.`,
    });
    allow(role, [action], [arn]);
    missed.grantDelivery(role);
    this.schedule = new Schedule(this, "schedule", {
      description: props.description,
      schedule: props.expression,
      scheduleGroup: group,
      target: {
        bind: () => ({
          arn,
          role,
          ...(input === undefined ? {} : { input }),
          deadLetterConfig: { arn: missed.queueArn },
          retryPolicy: {
            maximumEventAgeInSeconds: Duration.minutes(1).toSeconds(),
            maximumRetryAttempts: 1,
          },
        }),
      },
    });
  }
}
