import { Stack, TimeZone, type StackProps } from "aws-cdk-lib";
import {
  ContextAttribute,
  ScheduleExpression,
  ScheduleTargetInput,
} from "aws-cdk-lib/aws-scheduler";
import type { Construct } from "constructs";
import type { AlertsTopic } from "../constructs/alerts-topic.ts";
import { BackupWatch } from "../constructs/backup-watch.ts";
import { DeadLetterQueue } from "../constructs/dead-letter-queue.ts";
import { BackUp } from "../constructs/functions/back-up.ts";
import { VerifyRestore } from "../constructs/functions/verify-restore.ts";
import type { GuardedFunction } from "../constructs/guarded-function.ts";
import type { LedgerTable } from "../constructs/ledger-table.ts";
import type { LockedBucket } from "../constructs/locked-bucket.ts";
import { MarketSchedule } from "../constructs/market-schedule.ts";
import { StackScheduleGroup } from "../constructs/stack-schedule-group.ts";
import type { Platform } from "../constructs/platform.ts";
import { RestoreTestWorkflow } from "../constructs/restore-test-workflow.ts";
import type { TelemetryTable } from "../constructs/telemetry-table.ts";
import type { Watched } from "../constructs/watched.ts";

/** What backups reach. */
export type BackupStackProps = StackProps & {
  readonly platform: Platform;
  readonly ledger: LedgerTable;
  readonly telemetry: TelemetryTable;
  readonly alerts: AlertsTopic;
  readonly locked: LockedBucket;
};

const EVERY_MINUTE = ScheduleExpression.expression("rate(1 minute)", TimeZone.AMERICA_NEW_YORK);
/** When no market is open and the day's last exports are done. */
const NIGHTLY = ScheduleExpression.cron({
  minute: "30",
  hour: "22",
  timeZone: TimeZone.AMERICA_NEW_YORK,
});

/** Exports of the ledger, the daily proof that they can be restored, and what watches both. */
export class BackupStack extends Stack {
  readonly backUp: GuardedFunction;
  readonly watched: readonly Watched[];

  constructor(scope: Construct, id: string, props: BackupStackProps) {
    super(scope, id, props);
    const { platform } = props;
    const failures = new DeadLetterQueue(this, "failed-backups", {
      key: platform.keys.messages,
      errorImpact: "A look after the backups, or a restore test, did not start.",
    });
    const backUp = new BackUp(this, { ...props, failures });
    const verifyRestore = new VerifyRestore(this, props);
    const test = new RestoreTestWorkflow(this, "restore-test", {
      verifyRestore,
      logsKey: platform.keys.logs,
    });
    const common = { group: new StackScheduleGroup(this, "schedules"), missed: failures };
    const looks = new MarketSchedule(this, "look", {
      ...common,
      description: "Exports are brought on and their ages told, every minute of every day.",
      expression: EVERY_MINUTE,
      target: backUp,
    });
    looks.node.addDependency(backUp);
    const tests = new MarketSchedule(this, "test", {
      ...common,
      description: "The newest backup is rebuilt and checked, every night.",
      expression: NIGHTLY,
      target: test,
      input: ScheduleTargetInput.fromObject({ slot: ContextAttribute.scheduledTime }),
    });
    tests.node.addDependency(test);
    this.backUp = backUp;
    this.watched = [
      backUp,
      verifyRestore,
      test,
      failures,
      new BackupWatch(this, "ages", platform.mode),
    ];
  }
}
