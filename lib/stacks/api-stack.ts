import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { OperatorApi, type OperatorApiProps } from "../constructs/operator-api.ts";
import type { Watched } from "../constructs/watched.ts";

/** The operator's API; deployed only where somebody vouches for the operators. */
export class ApiStack extends Stack {
  readonly watched: readonly Watched[];
  readonly address: CfnOutput;

  constructor(scope: Construct, id: string, props: StackProps & OperatorApiProps) {
    super(scope, id, props);
    const api = new OperatorApi(this, "operator-api", props);
    this.watched = [api];
    this.address = new CfnOutput(this, "address", { value: api.stage.url });
  }
}
