import { Stack } from "aws-cdk-lib";
import type { IAlarm } from "aws-cdk-lib/aws-cloudwatch";
import { CfnExperimentTemplate } from "aws-cdk-lib/aws-fis";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { DRILL_TAGS, type DrillScenario } from "../../shared/domain/failover/deployed-drill.ts";
import { acknowledge } from "./acknowledge.ts";
import { allow } from "./allow.ts";
import type { FaultBucket } from "./fault-bucket.ts";
import type { GuardedFunction } from "./guarded-function.ts";
import type { DeployedMode } from "./platform.ts";

/** What may be broken in a Region, and what stops it. */
export type FailoverExperimentsProps = {
  readonly mode: DeployedMode;
  readonly faults: FaultBucket;
  /** Each has the extension. */
  readonly keepLease: GuardedFunction;
  readonly executeOrders: GuardedFunction;
  /** The others that act on an account. */
  readonly others: readonly GuardedFunction[];
  /** The names of the ledger and of telemetry, the same in each Region. */
  readonly tables: { readonly ledger: string; readonly telemetry: string };
  /** Alarms of this very Region: the service takes no other's. */
  readonly stopAlarms: readonly IAlarm[];
};

/** The faults end by themselves after so long, whoever is still there. */
const DURATION = "PT10M";

type Action = CfnExperimentTemplate.ExperimentTemplateActionProperty;
type Actions = Readonly<Record<string, Action>>;

/** Every invocation fails: before the function runs, or after it has done its work. */
const errors = (targets: string, when: "before" | "after"): Action => ({
  actionId: "aws:lambda:invocation-error",
  parameters: {
    duration: DURATION,
    invocationPercentage: "100",
    preventExecution: when === "before" ? "true" : "false",
  },
  targets: { Functions: targets },
});

/** The replica of this Region is alone: a strong table then takes neither reads nor writes. */
const pause = (targets: string): Action => ({
  actionId: "aws:dynamodb:global-table-pause-replication",
  parameters: { duration: DURATION },
  targets: { Tables: targets },
});

/** What each scenario does, by the targets that it names. */
const SCENARIOS: Readonly<Record<DrillScenario, Actions>> = {
  "region-loss": {
    "keeper-fails": errors("keeper", "before"),
    "executor-fails": errors("executor", "before"),
    "others-fail": errors("others", "before"),
    "ledger-is-alone": pause("ledger"),
    "telemetry-is-alone": pause("telemetry"),
  },
  partition: { "ledger-is-alone": pause("ledger") },
  "mid-order": {
    "keeper-fails": errors("keeper", "before"),
    "answers-are-lost": errors("executor", "after"),
  },
};

/**
 * Experiments that break this Region on purpose, each bounded, and stopped by alarms of its own.
 */
export class FailoverExperiments extends Construct {
  readonly templates: readonly CfnExperimentTemplate[];

  constructor(scope: Construct, id: string, props: FailoverExperimentsProps) {
    super(scope, id);
    const { mode, stopAlarms } = props;
    const role = this.#createRole(props);
    const targets = targetsOf(this, props);
    this.templates = Object.entries(SCENARIOS).map(([scenario, actions]) => {
      const used = new Set(Object.values(actions).flatMap((action) => namesOf(action)));
      const template = new CfnExperimentTemplate(this, scenario, {
        description: `Holdfast (${mode}): ${scenario}, struck from the other Region.`,
        roleArn: role.roleArn,
        actions: { ...actions },
        targets: Object.fromEntries(Object.entries(targets).filter(([name]) => used.has(name))),
        stopConditions: stopAlarms.map((alarm) => ({
          source: "aws:cloudwatch:alarm",
          value: alarm.alarmArn,
        })),
        experimentOptions: {
          accountTargeting: "single-account",
          emptyTargetResolutionMode: "fail",
        },
        tags: { [DRILL_TAGS.scenario]: scenario, mode },
      });
      template.node.addDependency(role);
      return template;
    });
  }

  #createRole({
    faults,
    keepLease,
    executeOrders,
    others,
    tables,
  }: FailoverExperimentsProps): Role {
    const stack = Stack.of(this);
    const role = new Role(this, "role", {
      assumedBy: new ServicePrincipal("fis.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": stack.account } },
      }),
      description: "What an experiment may break: a few functions and the replicas of two tables.",
    });
    faults.grantExperiments(role);
    const functions = [keepLease, executeOrders, ...others];
    allow(
      role,
      ["lambda:GetFunction"],
      functions.map((one) => one.function.functionArn),
    );
    allow(
      role,
      [
        "dynamodb:DeleteResourcePolicy",
        "dynamodb:DescribeTable",
        "dynamodb:GetResourcePolicy",
        "dynamodb:PutResourcePolicy",
      ],
      Object.values(tables).map((name) => tableArn(stack, name)),
    );
    // A strong table is paused by this action, for which AWS knows no resources.
    role.addToPolicy(
      new PolicyStatement({
        actions: ["dynamodb:InjectError", "tag:GetResources"],
        resources: ["*"],
      }),
    );
    const reason =
      "AWS allows InjectError and GetResources only on all; the templates name the replicas.";
    acknowledge(role, "AwsSolutions-IAM5[Resource::*]", reason);
    return role;
  }
}

const namesOf = ({ targets = {} }: Action): readonly string[] => Object.values(targets);

const tableArn = (stack: Stack, resourceName: string): string =>
  stack.formatArn({ service: "dynamodb", resource: "table", resourceName });

const all = (resourceType: string, resourceArns: string[]) => ({
  resourceType,
  resourceArns,
  selectionMode: "ALL",
});

const functions = (list: readonly GuardedFunction[]) =>
  all(
    "aws:lambda:function",
    list.map((one) => one.function.functionArn),
  );

const targetsOf = (
  scope: Construct,
  { keepLease, executeOrders, others, tables }: FailoverExperimentsProps,
): Readonly<Record<string, CfnExperimentTemplate.ExperimentTemplateTargetProperty>> => {
  const replica = (name: string) =>
    all("aws:dynamodb:global-table", [tableArn(Stack.of(scope), name)]);
  return {
    keeper: functions([keepLease]),
    executor: functions([executeOrders]),
    others: functions(others),
    ledger: replica(tables.ledger),
    telemetry: replica(tables.telemetry),
  };
};
