import { PolicyStatement, type IGrantable } from "aws-cdk-lib/aws-iam";

/**
 * Allows exactly these actions on exactly these resources. CDK's own grants are not used where
 * they allow more, such as `kms:ReEncrypt*` to a sender or every version of a function.
 */
export const allow = (
  grantee: IGrantable,
  actions: readonly string[],
  resources: readonly string[],
): void => {
  const statement = new PolicyStatement({ actions: [...actions], resources: [...resources] });
  grantee.grantPrincipal.addToPrincipalPolicy(statement);
};
