import type { IConstruct } from "constructs";
import { PolicyStatement, type IGrantable } from "aws-cdk-lib/aws-iam";
import { DRILL_TAGS } from "../../shared/domain/failover/deployed-drill.ts";
import { acknowledge } from "./acknowledge.ts";
import { allow } from "./allow.ts";

/** Allows to end experiments of a Region, and to start them where that is asked for. */
export const allowExperiments = (
  grantee: IGrantable & IConstruct,
  account: string,
  region: string,
  what: "startAndStop" | "stop",
): void => {
  const experiments = `arn:aws:fis:${region}:${account}:experiment/*`;
  const templates = `arn:aws:fis:${region}:${account}:experiment-template/*`;
  allow(grantee, ["fis:ListExperiments"], ["*"]);
  allow(grantee, ["fis:StopExperiment"], [experiments]);
  const reason =
    "Experiments are named by the service when they begin; listing knows no resources.";
  for (const resource of ["*", experiments]) {
    acknowledge(grantee, `AwsSolutions-IAM5[Resource::${resource}]`, reason);
  }
  if (what === "stop") return;
  allow(grantee, ["fis:ListExperimentTemplates"], ["*"]);
  const start = ["fis:StartExperiment", "fis:TagResource"];
  allow(grantee, start, [experiments]);
  // Whatever else stands in that Region to break it by is none of ours. Ending asks for no tag:
  // what is broken must end, also where it was badly named.
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: start,
      resources: [templates],
      conditions: { Null: { [`aws:ResourceTag/${DRILL_TAGS.scenario}`]: "false" } },
    }),
  );
  acknowledge(
    grantee,
    `AwsSolutions-IAM5[Resource::${templates}]`,
    "CloudFormation names the other Region's templates; they are found by their tags.",
  );
};
