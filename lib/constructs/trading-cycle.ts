import { Duration } from "aws-cdk-lib";
import { ComparisonOperator, MathExpression, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { StateMachineType } from "aws-cdk-lib/aws-stepfunctions";
import type { MonitoringFacade } from "cdk-monitoring-constructs";
import type { Construct } from "constructs";
import type { GuardedFunction } from "./guarded-function.ts";
import { GuardedWorkflow } from "./guarded-workflow.ts";
import { heartbeatAlarm, titleOf } from "./watched.ts";

/** The functions under the names by which the definition calls them. */
export type TradingCycleFunctions = {
  readonly OpenCycle: GuardedFunction;
  readonly PollMarketData: GuardedFunction;
  readonly PollFlow: GuardedFunction;
  readonly CloseCycle: GuardedFunction;
};

/** What the workflow needs. */
export type TradingCycleProps = {
  readonly functions: TradingCycleFunctions;
  readonly logsKey: IKey;
  /** Invoked every minute of every day: the clock against which the cycle's silence is heard. */
  readonly clock: GuardedFunction;
};

const ERROR_IMPACT = "Quotes are not polled: no new signals, and exits wait.";

/**
 * Five silent minutes while the schedule runs in winter and in summer (09:00 to 24:00 UTC on
 * weekdays lies within its hours in both) are an alarm. The clock is a metric that exists every
 * minute, so that a cycle that never ran is told from a night; Monday is day 1.
 */
const SILENCE = "IF(DAY(clock) <= 5 AND HOUR(clock) >= 9, FILL(cycles, 0), 1)";

/** One minute of trading as an Express workflow. */
export class TradingCycle extends GuardedWorkflow {
  readonly #clock: GuardedFunction;

  constructor(scope: Construct, id: string, { functions, logsKey, clock }: TradingCycleProps) {
    super(scope, id, {
      functions,
      logsKey,
      definition: "trading-cycle.asl.json",
      type: StateMachineType.EXPRESS,
      roleDescription: "What the trading cycle may start.",
      errorImpact: ERROR_IMPACT,
      page: "trading-cycle-failed",
      failuresTolerated: 1,
    });
    this.#clock = clock;
  }

  /** Adds an alarm for silence during the schedule's hours to those of every workflow. */
  override watch(monitoring: MonitoringFacade, runbooks: string): void {
    super.watch(monitoring, runbooks);
    const { treatMissingDataOverride, ...text } = heartbeatAlarm(runbooks, ERROR_IMPACT);
    monitoring.createAlarmFactory(titleOf(this)).addAlarm(this.#silence(), {
      ...text,
      alarmNameSuffix: "Silent",
      alarmDescription: ERROR_IMPACT,
      treatMissingData: treatMissingDataOverride,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      datapointsToAlarm: 5,
      evaluationPeriods: 5,
      disambiguator: "Critical",
    });
  }

  #silence(): MathExpression {
    const perMinute = { period: Duration.minutes(1), statistic: Stats.SUM };
    return new MathExpression({
      expression: SILENCE,
      label: "cycles started",
      period: Duration.minutes(1),
      usingMetrics: {
        clock: this.#clock.function.metricInvocations(perMinute),
        cycles: this.stateMachine.metricStarted(perMinute),
      },
    });
  }
}
