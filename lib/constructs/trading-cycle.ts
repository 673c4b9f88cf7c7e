import { readFileSync } from "node:fs";
import { Duration, Stack } from "aws-cdk-lib";
import { ComparisonOperator, MathExpression, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
} from "aws-cdk-lib/aws-stepfunctions";
import type { MonitoringFacade } from "cdk-monitoring-constructs";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import { allow } from "./allow.ts";
import type { GuardedFunction } from "./guarded-function.ts";
import type { Wakeable } from "./market-schedule.ts";
import { RetainedLogs } from "./retained-logs.ts";
import { heartbeatAlarm, quietAlarm, titleOf, type Watched } from "./watched.ts";

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

const DEFINITION = new URL("../workflows/trading-cycle.asl.json", import.meta.url);
const ERROR_IMPACT = "Quotes are not polled: no new signals, and exits wait.";

/**
 * Five silent minutes while the schedule runs in winter and in summer (09:00 to 24:00 UTC on
 * weekdays lies within its hours in both) are an alarm. The clock is a metric that exists every
 * minute, so that a cycle that never ran is told from a night; Monday is day 1.
 */
const SILENCE = "IF(DAY(clock) <= 5 AND HOUR(clock) >= 9, FILL(cycles, 0), 1)";

/**
 * One minute of trading as an Express workflow, from the very definition that the local world and
 * the tests run.
 */
export class TradingCycle extends Construct implements Wakeable, Watched {
  readonly stateMachine: StateMachine;
  readonly #clock: GuardedFunction;

  constructor(scope: Construct, id: string, props: TradingCycleProps) {
    super(scope, id);
    this.#clock = props.clock;
    const functions = Object.entries(props.functions);
    const role = new Role(this, "role", {
      assumedBy: new ServicePrincipal("states.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
      description: "What the trading cycle may start.",
    });
    const arns = functions.map(([, { function: task }]) => task.functionArn);
    allow(role, ["lambda:InvokeFunction"], arns);
    this.stateMachine = new StateMachine(this, "workflow", {
      stateMachineType: StateMachineType.EXPRESS,
      definitionBody: DefinitionBody.fromString(readFileSync(DEFINITION, "utf8")),
      definitionSubstitutions: Object.fromEntries(
        functions.map(([name, { function: task }]) => [name, task.functionArn]),
      ),
      role,
      tracingEnabled: true,
      logs: {
        destination: new RetainedLogs(this, "logs", { key: props.logsKey }),
        level: LogLevel.ALL,
        // Orders and quotes are in the ledger and in telemetry; the log says what happened when.
        includeExecutionData: false,
      },
    });
    const reason =
      "Log delivery and X-Ray know no resources: AWS allows their actions only on all.";
    acknowledge(role, "AwsSolutions-IAM5[Resource::*]", reason);
  }

  get wake() {
    return { arn: this.stateMachine.stateMachineArn, action: "states:StartExecution" };
  }

  /** Adds its row, and alarms for failures and for silence during the schedule's hours. */
  watch(monitoring: MonitoringFacade, runbooks: string): void {
    const failed = quietAlarm(runbooks, {
      errorImpact: ERROR_IMPACT,
      page: "trading-cycle-failed",
    });
    monitoring.monitorStepFunction({
      stateMachine: this.stateMachine,
      humanReadableName: titleOf(this),
      alarmFriendlyName: titleOf(this),
      addFailedExecutionCountAlarm: { Critical: { ...failed, maxErrorCount: 1 } },
      addTimedOutExecutionCountAlarm: { Critical: { ...failed, maxErrorCount: 1 } },
    });
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
