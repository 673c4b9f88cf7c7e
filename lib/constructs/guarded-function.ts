import { Duration } from "aws-cdk-lib";
import { Role, ServicePrincipal, type IGrantable, type IPrincipal } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  CfnEventInvokeConfig,
  Function as LambdaFunction,
  Runtime,
  Tracing,
  type IFunction,
} from "aws-cdk-lib/aws-lambda";
import { Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { MonitoringFacade } from "cdk-monitoring-constructs";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import { allow } from "./allow.ts";
import type { DeadLetterQueue } from "./dead-letter-queue.ts";
import { GradualAlias } from "./gradual-alias.ts";
import type { Wakeable } from "./market-schedule.ts";
import type { FunctionName, Platform } from "./platform.ts";
import { RetainedLogs } from "./retained-logs.ts";
import type { RunbookPage } from "./runbook.ts";
import { addSilenceAlarm } from "./silence-alarm.ts";
import { heartbeatAlarm, quietAlarm, titleOf, type Watched } from "./watched.ts";

/** What must be decided for each function; everything else is the same for all. */
export type GuardedFunctionProps = {
  readonly platform: Platform;
  readonly description: string;
  /** What users lose when this function stops; it becomes the text of its alarms. */
  readonly errorImpact: string;
  /** Typed by the function's own `env.ts`: `{ ... } satisfies EnvInput`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout: Duration;
  readonly memoryMebibytes: number;
  /** The page about its errors; `function-errors` where it is left out. */
  readonly errorsPage?: RunbookPage;
  /** Errors within five minutes that a person need not hear of. */
  readonly errorsTolerated: number;
  /** Invocations at the same time, kept free for it; absent: what the account has left. */
  readonly reservedConcurrency?: number;
  /** Woken every minute of every day: five minutes without an invocation are an alarm. */
  readonly hasHeartbeat?: boolean;
  /** Woken seldomer, this often: two such spans without an invocation are an alarm. */
  readonly runsEvery?: Duration;
  /** A drill may break it, where there are drills. */
  readonly isDrilled?: boolean;
  /**
   * A new version takes over minute by minute, and is rolled back by the alarm about its errors.
   * Only where two versions may work at the same time, and nobody wakes it asynchronously.
   */
  readonly isShifted?: boolean;
  /** Woken without anyone waiting: how often Lambda tries again, for how long, and then where. */
  readonly whenAsynchronous?: AsynchronousInvocation;
};

/** How events are treated that Lambda queues by itself. */
export type AsynchronousInvocation = {
  readonly retries: 0 | 1 | 2;
  readonly ageMax: Duration;
  readonly failures: DeadLetterQueue;
};

/**
 * A Lambda function as this place runs all of them: Node.js 24 on arm64, traced, with logs that
 * are kept and encrypted, a role of its own that may do nothing else, and its alarms.
 */
export class GuardedFunction extends Construct implements IGrantable, Wakeable, Watched {
  readonly function: LambdaFunction;
  /** What callers invoke: the function, or the name behind which its versions change. */
  readonly callable: IFunction;
  readonly timeout: Duration;
  readonly #props: GuardedFunctionProps;

  constructor(scope: Construct, name: FunctionName, props: GuardedFunctionProps) {
    super(scope, name);
    const { platform, reservedConcurrency } = props;
    const logGroup = new RetainedLogs(this, "logs", { key: platform.keys.logs });
    const role = new Role(this, "role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      description: `What ${name} may do.`,
    });
    allow(role, ["logs:CreateLogStream", "logs:PutLogEvents"], [logGroup.logGroupArn]);
    const faults = props.isDrilled === true ? platform.faults : undefined;
    this.function = new LambdaFunction(this, "function", {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: "index.handler",
      code: platform.code(name),
      environment: { ...props.environment, ...faults?.environmentFor(this) },
      ...(faults === undefined ? {} : { layers: [faults.extension(this)] }),
      timeout: props.timeout,
      memorySize: props.memoryMebibytes,
      ...(reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: reservedConcurrency }),
      tracing: Tracing.ACTIVE,
      role,
      logGroup,
    });
    this.callable = props.isShifted === true ? this.#shift(platform) : this.function;
    this.timeout = props.timeout;
    this.#props = props;
    faults?.grantExtension(this);
    this.#handleAsynchronousFailures(props.whenAsynchronous);
    const reason = "X-Ray's two write actions know no resources: AWS allows them only on all.";
    acknowledge(role, "AwsSolutions-IAM5[Resource::*]", reason);
    acknowledge(role, "Serverless-LambdaStarPermissions[Resource::*]", reason);
  }

  get grantPrincipal(): IPrincipal {
    return this.function.grantPrincipal;
  }

  get wake() {
    return { arn: this.callable.functionArn, action: "lambda:InvokeFunction" };
  }

  /** Adds its row, and alarms for errors, throttling, slowness and, if there is one, heartbeat. */
  watch(monitoring: MonitoringFacade, runbooks: string): void {
    const {
      errorImpact,
      errorsTolerated,
      errorsPage = "function-errors",
      hasHeartbeat = false,
      runsEvery,
    } = this.#props;
    const quiet = (page: RunbookPage) => quietAlarm(runbooks, { errorImpact, page });
    monitoring.monitorLambdaFunction({
      lambdaFunction: this.function,
      humanReadableName: titleOf(this),
      alarmFriendlyName: titleOf(this),
      isIterator: false,
      addFaultCountAlarm: {
        Critical: { ...quiet(errorsPage), maxErrorCount: errorsTolerated },
      },
      addThrottlesCountAlarm: { Critical: { ...quiet("function-throttled"), maxErrorCount: 0 } },
      addMaxLatencyAlarm: {
        Warning: {
          ...quiet("function-slow"),
          maxLatency: Duration.millis(this.timeout.toMilliseconds() * 0.8),
        },
      },
      ...(hasHeartbeat
        ? {
            addMinInvocationsCountAlarm: {
              Critical: { ...heartbeatAlarm(runbooks, errorImpact), minCount: 1 },
            },
          }
        : {}),
    });
    if (runsEvery === undefined) return;
    addSilenceAlarm(monitoring, runbooks, {
      title: titleOf(this),
      errorImpact,
      metric: this.function.metricInvocations({ period: runsEvery, statistic: Stats.SUM }),
    });
  }

  #shift({ mode, region }: Platform): IFunction {
    const alarmName = `holdfast-${mode}-${region}-${titleOf(this)}-Fault-Count-Critical`;
    const versions = new GradualAlias(this, "versions", { function: this.function, alarmName });
    return versions.alias as IFunction;
  }

  #handleAsynchronousFailures(asynchronous: AsynchronousInvocation | undefined): void {
    if (asynchronous === undefined) {
      const reason = "Nobody invokes this function asynchronously: its callers see each failure.";
      acknowledge(this.function, "Serverless-LambdaAsyncFailureDestination", reason);
      acknowledge(this.function, "Serverless-LambdaDLQ", reason);
      return;
    }
    asynchronous.failures.grantDelivery(this);
    const invocation = new CfnEventInvokeConfig(this, "asynchronous", {
      functionName: this.function.functionName,
      qualifier: "$LATEST",
      maximumRetryAttempts: asynchronous.retries,
      maximumEventAgeInSeconds: asynchronous.ageMax.toSeconds(),
      destinationConfig: { onFailure: { destination: asynchronous.failures.queueArn } },
    });
    // Lambda checks, when the destination is set, that the role may write to it.
    invocation.node.addDependency(this.function.role ?? this.function);
    const reason = "Failed events go to a destination, which says more than a dead-letter target.";
    acknowledge(this.function, "Serverless-LambdaDLQ", reason);
  }
}
