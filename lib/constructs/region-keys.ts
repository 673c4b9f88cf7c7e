import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { PolicyKey, type PolicyKeyProps } from "./policy-key.ts";
import type { RegionKeys as Keys } from "./platform.ts";

/** The names of the keys that another Region must know before they exist. */
export type RegionKeysProps = {
  readonly tablesAlias: string;
  readonly lockedAlias: string;
  readonly policy: PolicyKeyProps;
};

/**
 * A Region's keys, one for each kind of content. They turn every year and outlive their stack:
 * without the key there is no data.
 */
export class RegionKeys extends Construct implements Keys {
  readonly tables: Key;
  readonly archive: Key;
  readonly locked: Key;
  readonly messages: Key;
  readonly secrets: Key;
  readonly logs: Key;
  readonly policy: PolicyKey;

  constructor(scope: Construct, id: string, { tablesAlias, lockedAlias, policy }: RegionKeysProps) {
    super(scope, id);
    this.tables = this.#key("tables", "The ledger and telemetry.", tablesAlias);
    this.archive = this.#key("archive", "The archive bucket.");
    this.locked = this.#key("locked", "Audit, exports and reports.", lockedAlias);
    this.messages = this.#key("messages", "Queues and alerts.");
    this.secrets = this.#key("secrets", "Credentials of the vendors.");
    this.logs = this.#key("logs", "Logs of functions, workflows and the API.");
    this.policy = new PolicyKey(this, "policy", policy);
    this.#admitMessageServices();
    this.#admitLogs();
    this.#keepLocked();
  }

  #key(id: string, description: string, alias?: string): Key {
    return new Key(this, id, {
      description,
      ...(alias === undefined ? {} : { alias }),
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** Without its key a locked object is as good as deleted, so that the key is locked as well. */
  #keepLocked(): void {
    this.locked.addToResourcePolicy(
      new PolicyStatement({
        sid: "NeverDeleted",
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ["kms:DisableKey", "kms:ScheduleKeyDeletion"],
        resources: ["*"],
      }),
    );
  }

  /** SNS puts undelivered alerts into an encrypted queue, alarms publish to an encrypted topic. */
  #admitMessageServices(): void {
    const services = ["sns.amazonaws.com", "cloudwatch.amazonaws.com"];
    this.messages.addToResourcePolicy(
      new PolicyStatement({
        sid: "AlertsAndAlarms",
        principals: services.map((service) => new ServicePrincipal(service)),
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        resources: ["*"],
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    );
  }

  /** CloudWatch Logs uses the key for this account's log groups in this Region only. */
  #admitLogs(): void {
    const stack = Stack.of(this);
    const logGroups = stack.formatArn({ service: "logs", resource: "log-group:*" });
    this.logs.addToResourcePolicy(
      new PolicyStatement({
        sid: "LogGroups",
        principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
        actions: [
          "kms:Decrypt",
          "kms:DescribeKey",
          "kms:Encrypt",
          "kms:GenerateDataKey",
          "kms:ReEncryptFrom",
          "kms:ReEncryptTo",
        ],
        resources: ["*"],
        conditions: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": logGroups } },
      }),
    );
  }
}
