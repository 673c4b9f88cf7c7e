import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { AnyPrincipal, ArnPrincipal, Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key, KeySpec, KeyUsage } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";

/** Who signs, and by which name the key is found. */
export type PolicyKeyProps = {
  /** The ARN of the role of whoever deploys; it must be there before the key. */
  readonly signerArn: string;
  /** `alias/holdfast-paper-policy`, the same in every Region. */
  readonly alias: string;
};

/**
 * The key that signs the trading policy: limits, thresholds and weights. Its private half never
 * leaves KMS and answers one role alone, whatever else anybody's permissions say; its public half
 * is no secret and verifies without a call.
 */
export class PolicyKey extends Key {
  constructor(scope: Construct, id: string, { signerArn, alias }: PolicyKeyProps) {
    super(scope, id, {
      description: "Signs the trading policy.",
      alias,
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: "WhoDeploysSigns",
        principals: [new ArnPrincipal(signerArn)],
        actions: ["kms:Sign", "kms:GetPublicKey"],
        resources: ["*"],
      }),
    );
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: "NobodyElseSigns",
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ["kms:Sign"],
        resources: ["*"],
        conditions: { ArnNotEquals: { "aws:PrincipalArn": signerArn } },
      }),
    );
  }
}
