import { RemovalPolicy } from "aws-cdk-lib";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import { allow } from "./allow.ts";

/** Whose credentials these are, and the form of the JSON that an operator puts in. */
export type VendorSecretProps = {
  readonly key: IKey;
  /** Says the fields, `{keyId, secretKey}`; never a value. */
  readonly description: string;
};

/**
 * A vendor's credentials. The template holds none: the secret starts with a random placeholder
 * that no vendor accepts, until an operator puts the real value in. It outlives its stack.
 */
export class VendorSecret extends Secret {
  readonly #key: IKey;

  constructor(scope: Construct, id: string, props: VendorSecretProps) {
    super(scope, id, {
      description: props.description,
      encryptionKey: props.key,
      generateSecretString: { secretStringTemplate: "{}", generateStringKey: "placeholder" },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.#key = props.key;
    acknowledge(
      this,
      "AwsSolutions-SMG4",
      "The vendor issues these credentials; AWS cannot rotate them, the deployment guide says how.",
    );
  }

  /** Allows to read the value, which takes the key as well. */
  grantValue(grantee: IGrantable): void {
    allow(grantee, ["secretsmanager:GetSecretValue"], [this.secretArn]);
    allow(grantee, ["kms:Decrypt"], [this.#key.keyArn]);
  }
}
