import { Duration } from "aws-cdk-lib";
import {
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  Metric,
  Stats,
  type IAlarm,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { MonitoringFacade } from "cdk-monitoring-constructs";
import { Construct } from "constructs";
import type { BreachName } from "../../shared/domain/reconciliation/breaches.ts";
import type { DeployedMode, FunctionName } from "./platform.ts";
import type { RunbookPage } from "./runbook.ts";
import { quietAlarm, type Watched } from "./watched.ts";

/** Whose alarms these are. */
export type InvariantWatchProps = {
  /** Begins the names of alarms. */
  readonly namePrefix: string;
  readonly mode: DeployedMode;
  readonly alerts: ITopic;
};

/** What must never happen, who counts it, and what it means. */
type Invariant = {
  readonly metric: BreachName | "epochConflict" | "auditChainBroken";
  readonly countedBy: FunctionName;
  readonly errorImpact: string;
  readonly page: RunbookPage;
  /** A drill that brings it about is stopped. */
  readonly stopsDrills?: boolean;
};

/** One of any of these is a page. */
const INVARIANTS: readonly Invariant[] = [
  {
    metric: "doubledOrder",
    countedBy: "reconcile-orders",
    errorImpact: "More or less is held than orders explain: an order may have been doubled.",
    page: "order-invariants",
    stopsDrills: true,
  },
  {
    metric: "unguardedOrder",
    countedBy: "reconcile-orders",
    errorImpact: "An order works at the broker that never passed the guard.",
    page: "order-invariants",
    stopsDrills: true,
  },
  {
    metric: "orphanOrder",
    countedBy: "reconcile-orders",
    errorImpact: "An order of ours worked without a claim: its risk was counted nowhere.",
    page: "order-invariants",
    stopsDrills: true,
  },
  {
    metric: "ledgerBrokerDiffer",
    countedBy: "reconcile-orders",
    errorImpact: "Ledger and broker differ: entries stop until they agree.",
    page: "ledger-broker-differ",
  },
  {
    metric: "unknownOrderOld",
    countedBy: "reconcile-orders",
    errorImpact: "An order's fate is unknown for two minutes: its symbol is blocked.",
    page: "order-invariants",
  },
  {
    metric: "orderHistoryDamaged",
    countedBy: "reconcile-orders",
    errorImpact: "An order's history is damaged: what it did can no longer be proven.",
    page: "order-invariants",
  },
  {
    metric: "auditChainBroken",
    countedBy: "keep-audit",
    errorImpact: "A record of the audit was changed or is missing: what was done cannot be proven.",
    page: "audit-chain",
  },
  ...(["execute-orders", "reconcile-orders"] as const).map((countedBy): Invariant => ({
    metric: "epochConflict",
    countedBy,
    errorImpact: "This Region acted on an account that the other one holds: it was fenced off.",
    page: "failover",
  })),
];

/** The metric of an invariant, or of an outcome, as Powertools writes it. */
export const ownMetric = (
  metricName: string,
  countedBy: FunctionName,
  mode: DeployedMode,
  period = Duration.minutes(1),
): Metric =>
  new Metric({
    namespace: "Holdfast",
    metricName,
    dimensionsMap: { service: countedBy, mode },
    statistic: Stats.SUM,
    period,
  });

/** An alarm for each invariant, and one that says whether trading is unsafe at all. */
export class InvariantWatch extends Construct implements Watched {
  readonly #props: InvariantWatchProps;

  constructor(scope: Construct, id: string, props: InvariantWatchProps) {
    super(scope, id);
    this.#props = props;
  }

  /** Adds a row, the alarms, and the alarm over them. */
  watch(monitoring: MonitoringFacade, runbooks: string): readonly IAlarm[] {
    const { mode, namePrefix, alerts } = this.#props;
    monitoring.monitorCustom({
      humanReadableName: "what must never happen",
      alarmFriendlyName: "invariants",
      metricGroups: [
        {
          title: "Each is a page",
          metrics: INVARIANTS.map(
            ({ metric, countedBy, errorImpact, page, stopsDrills = false }) => ({
              metric: ownMetric(metric, countedBy, mode),
              alarmFriendlyName: `${metric}-${countedBy}`,
              addAlarm: {
                Critical: {
                  ...quietAlarm(runbooks, { errorImpact, page }),
                  comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
                  threshold: 1,
                  evaluationPeriods: 1,
                  datapointsToAlarm: 1,
                  customTags: [INVARIANT_TAG, ...(stopsDrills ? [STOPS_DRILLS_TAG] : [])],
                },
              },
            }),
          ),
        },
      ],
    });
    const alarms = monitoring.createdAlarmsWithTag(INVARIANT_TAG).map(({ alarm }) => alarm);
    const unsafe = new CompositeAlarm(this, "unsafe", {
      compositeAlarmName: `${namePrefix}-trading-unsafe-Critical`,
      alarmDescription:
        "Trading is unsafe: something that must never happen did. " +
        `Runbook: ${runbooks}/order-invariants.md`,
      alarmRule: AlarmRule.anyOf(
        ...alarms.map((alarm) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM)),
      ),
    });
    unsafe.addAlarmAction(new SnsAction(alerts));
    unsafe.addOkAction(new SnsAction(alerts));
    return alarms;
  }
}

const INVARIANT_TAG = "invariant";

/** The alarms by which a drill is stopped. */
export const STOPS_DRILLS_TAG = "stops-drills";
