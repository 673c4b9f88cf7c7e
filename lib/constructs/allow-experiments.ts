import type { IConstruct } from "constructs";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
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
  allow(grantee, ["fis:StartExperiment", "fis:TagResource"], [experiments, templates]);
  acknowledge(
    grantee,
    `AwsSolutions-IAM5[Resource::${templates}]`,
    "CloudFormation names the other Region's templates; they are found by their tags.",
  );
};
