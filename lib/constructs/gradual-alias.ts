import { Stack } from "aws-cdk-lib";
import { CfnApplication, CfnDeploymentGroup } from "aws-cdk-lib/aws-codedeploy";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Alias,
  CfnAlias,
  type Function as LambdaFunction,
  type IVersion,
} from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import { allow } from "./allow.ts";

/** Whose versions are shifted, and what rolls a new one back. */
export type GradualAliasProps = {
  readonly function: LambdaFunction;
  /** The name of the alarm about its errors, which another stack makes. */
  readonly alarmName: string;
};

/** A tenth of the calls a minute more: an alarm over five minutes rings around half of the way. */
const SHIFT = "CodeDeployDefault.LambdaLinear10PercentEvery1Minute";

/**
 * A function's name to its callers, behind which a new version takes over minute by minute; an
 * alarm about its errors gives everything back to the version before. Only for functions of which
 * two versions may work at the same time.
 */
export class GradualAlias extends Construct {
  readonly alias: Alias;

  constructor(scope: Construct, id: string, props: GradualAliasProps) {
    super(scope, id);
    this.alias = new Alias(this, "alias", {
      aliasName: "live",
      // Class and interface differ only in how they spell an absent policy.
      version: props.function.currentVersion as IVersion,
    });
    const role = this.#createRole(props.function);
    const application = new CfnApplication(this, "application", { computePlatform: "Lambda" });
    const group = new CfnDeploymentGroup(this, "group", {
      applicationName: application.ref,
      serviceRoleArn: role.roleArn,
      deploymentConfigName: SHIFT,
      deploymentStyle: {
        deploymentType: "BLUE_GREEN",
        deploymentOption: "WITH_TRAFFIC_CONTROL",
      },
      alarmConfiguration: { enabled: true, alarms: [{ name: props.alarmName }] },
      autoRollbackConfiguration: {
        enabled: true,
        events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
      },
    });
    // Without its rights a deployment would fail in the middle.
    group.node.addDependency(role);
    const resource = this.alias.node.defaultChild;
    if (resource instanceof CfnAlias) {
      resource.cfnOptions.updatePolicy = {
        codeDeployLambdaAliasUpdate: {
          applicationName: application.ref,
          deploymentGroupName: group.ref,
        },
      };
    }
  }

  #createRole({ functionArn }: LambdaFunction): Role {
    const role = new Role(this, "role", {
      assumedBy: new ServicePrincipal("codedeploy.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
      description: "Shifts the calls of one function from version to version.",
    });
    allow(
      role,
      ["lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias"],
      [functionArn, `${functionArn}:live`],
    );
    allow(role, ["cloudwatch:DescribeAlarms"], ["*"]);
    const reason =
      "CloudWatch describes alarms for all or for none: AWS knows no resources for it.";
    acknowledge(role, "AwsSolutions-IAM5[Resource::*]", reason);
    return role;
  }
}
