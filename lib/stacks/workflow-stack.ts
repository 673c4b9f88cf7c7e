import { Stack, TimeZone, type StackProps } from "aws-cdk-lib";
import {
  ContextAttribute,
  ScheduleExpression,
  ScheduleTargetInput,
} from "aws-cdk-lib/aws-scheduler";
import type { Construct } from "constructs";
import { DeadLetterQueue } from "../constructs/dead-letter-queue.ts";
import type { GuardedFunction } from "../constructs/guarded-function.ts";
import type { HealWorkflow } from "../constructs/heal-workflow.ts";
import { MarketSchedule } from "../constructs/market-schedule.ts";
import { StackScheduleGroup } from "../constructs/stack-schedule-group.ts";
import type { Platform } from "../constructs/platform.ts";
import { TradingCycle, type TradingCycleFunctions } from "../constructs/trading-cycle.ts";
import type { Watched } from "../constructs/watched.ts";

/** The functions that are woken by time. */
export type WorkflowStackProps = StackProps & {
  readonly platform: Platform;
  readonly functions: TradingCycleFunctions;
  readonly reconcileOrders: GuardedFunction;
  readonly aggregateHealth: GuardedFunction;
  readonly redriveDeadLetters: GuardedFunction;
  /** Absent where there is one Region. */
  readonly probePipeline: GuardedFunction;
  readonly heal: HealWorkflow;
  readonly keepAudit: GuardedFunction;
  readonly keepLease: GuardedFunction | undefined;
};

/**
 * Every minute from before the early session to after the late one. Whether there is a session at
 * all, the cycle asks the calendar: holidays and half days are known in one place only.
 */
const WEEKDAY_MINUTES = ScheduleExpression.cron({
  minute: "*",
  hour: "4-19",
  weekDay: "MON-FRI",
  timeZone: TimeZone.AMERICA_NEW_YORK,
});

/** Every minute, always: a rate, because a cron expression skips the hour that autumn repeats. */
const EVERY_MINUTE = ScheduleExpression.expression("rate(1 minute)", TimeZone.AMERICA_NEW_YORK);

/** What time wakes: the trading cycle, reconciliation and health. */
export class WorkflowStack extends Stack {
  readonly schedules: readonly MarketSchedule[];
  readonly watched: readonly Watched[];

  constructor(scope: Construct, id: string, props: WorkflowStackProps) {
    super(scope, id, props);
    const { platform, functions, reconcileOrders, aggregateHealth, redriveDeadLetters } = props;
    const { keepAudit, keepLease, probePipeline } = props;
    const cycle = new TradingCycle(this, "trading-cycle", {
      functions,
      logsKey: platform.keys.logs,
      clock: aggregateHealth,
    });
    const missed = new DeadLetterQueue(this, "missed-slots", {
      key: platform.keys.messages,
      errorImpact: "A scheduled minute did not start.",
    });
    const group = new StackScheduleGroup(this, "schedules");
    const common = { group, missed };
    this.schedules = [
      new MarketSchedule(this, "trade", {
        ...common,
        description: "A trading cycle, every minute of a weekday that could have a session.",
        expression: WEEKDAY_MINUTES,
        target: cycle,
        // The slot's own time, so that a slot that is delivered twice is one cycle.
        input: ScheduleTargetInput.fromObject({ slot: ContextAttribute.scheduledTime }),
      }),
      new MarketSchedule(this, "reconcile", {
        ...common,
        description: "Ledger and broker are compared, every minute of every day.",
        expression: EVERY_MINUTE,
        target: reconcileOrders,
      }),
      new MarketSchedule(this, "judge-health", {
        ...common,
        description: "Health is derived from evidence, every minute of every day.",
        expression: EVERY_MINUTE,
        target: aggregateHealth,
      }),
      new MarketSchedule(this, "redrive", {
        ...common,
        description: "Dead letters and buffered ticks are tended, every minute of every day.",
        expression: EVERY_MINUTE,
        target: redriveDeadLetters,
      }),
      new MarketSchedule(this, "probe", {
        ...common,
        description: "A made-up signal goes the whole way, every 15 minutes of every day.",
        expression: ScheduleExpression.expression("rate(15 minutes)", TimeZone.AMERICA_NEW_YORK),
        target: probePipeline,
      }),
      new MarketSchedule(this, "heal-schedule", {
        ...common,
        description: "What is wrong is looked for and healed, every 5 minutes of every day.",
        expression: ScheduleExpression.expression("rate(5 minutes)", TimeZone.AMERICA_NEW_YORK),
        target: props.heal,
      }),
      new MarketSchedule(this, "audit", {
        ...common,
        description: "What is new is sealed into the audit, every minute of every day.",
        expression: EVERY_MINUTE,
        target: keepAudit,
      }),
      ...(keepLease === undefined
        ? []
        : [
            new MarketSchedule(this, "keep-lease", {
              ...common,
              description: "The lease is kept or watched, every minute of every day.",
              expression: EVERY_MINUTE,
              target: keepLease,
            }),
          ]),
    ];
    this.watched = [cycle, missed];
  }
}
