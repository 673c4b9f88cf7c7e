import { Stack, TimeZone, type StackProps } from "aws-cdk-lib";
import { ScheduleExpression, ScheduleTargetInput } from "aws-cdk-lib/aws-scheduler";
import type { Construct } from "constructs";
import type { AccountReach } from "../constructs/account-reach.ts";
import { DeadLetterQueue } from "../constructs/dead-letter-queue.ts";
import { FailoverDrillWorkflow } from "../constructs/failover-drill-workflow.ts";
import { DrillFailover } from "../constructs/functions/drill-failover.ts";
import { WatchDrills } from "../constructs/functions/watch-drills.ts";
import { MarketSchedule } from "../constructs/market-schedule.ts";
import { StackScheduleGroup } from "../constructs/stack-schedule-group.ts";
import type { Watched } from "../constructs/watched.ts";

/** What a drill reaches, and whether it comes by itself. */
export type DrillStackProps = StackProps &
  AccountReach & {
    readonly peerRegion: string;
    readonly isMonthly: boolean;
  };

/** The first Wednesday of a month, when both the market and people are there. */
const MONTHLY = ScheduleExpression.expression("cron(0 11 ? * 4#1 *)", TimeZone.AMERICA_NEW_YORK);
const EVERY_FIVE_MINUTES = ScheduleExpression.expression(
  "rate(5 minutes)",
  TimeZone.AMERICA_NEW_YORK,
);

/** What strikes the other Region, and what ends that whatever becomes of it. */
export class DrillStack extends Stack {
  readonly watched: readonly Watched[];

  constructor(scope: Construct, id: string, props: DrillStackProps) {
    super(scope, id, props);
    const { platform, isMonthly } = props;
    const failures = new DeadLetterQueue(this, "failed-drills", {
      key: platform.keys.messages,
      errorImpact: "Nobody looked whether a drill left something broken.",
    });
    const drillFailover = new DrillFailover(this, props);
    const watchDrills = new WatchDrills(this, { ...props, failures });
    const workflow = new FailoverDrillWorkflow(this, "failover-drill", {
      drillFailover,
      logsKey: platform.keys.logs,
    });
    const common = { group: new StackScheduleGroup(this, "schedules"), missed: failures };
    const watchdog = new MarketSchedule(this, "watchdog", {
      ...common,
      description: "What drills left broken is ended, looked for every 5 minutes.",
      expression: EVERY_FIVE_MINUTES,
      target: watchDrills,
    });
    watchdog.node.addDependency(watchDrills);
    if (isMonthly) {
      const monthly = new MarketSchedule(this, "monthly", {
        ...common,
        description: "The other Region is lost on purpose, on the first Wednesday of each month.",
        expression: MONTHLY,
        target: workflow,
        input: ScheduleTargetInput.fromObject({ scenario: "next" }),
      });
      // Nothing is struck before somebody can end it.
      monthly.node.addDependency(watchdog);
    }
    this.watched = [drillFailover, watchDrills, workflow, failures];
  }
}
