import { readFileSync } from "node:fs";
import * as z from "zod";
import { BREACH_NAMES } from "../../../shared/domain/reconciliation/breaches.ts";
import {
  at,
  finding,
  isSame,
  list,
  resources,
  target,
  targets,
  type Placed,
  type Rule,
  type TemplateSet,
} from "../template-set.ts";

const ALARM = "AWS::CloudWatch::Alarm";

/** A metric as an alarm or a dashboard names it; the values of dimensions as in the template. */
type NamedMetric = {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: ReadonlyMap<string, unknown>;
};

const EXECUTIONS = ["Started", "Succeeded", "Failed", "TimedOut", "Aborted"];

/** What AWS writes of what there is here, and under exactly which dimensions. */
const WRITTEN_BY_AWS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "AWS/Lambda": {
    FunctionName: [
      "ConcurrentExecutions",
      "Duration",
      "Errors",
      "Invocations",
      "ProvisionedConcurrencySpilloverInvocations",
      "Throttles",
    ],
  },
  "AWS/SQS": {
    QueueName: [
      "ApproximateAgeOfOldestMessage",
      "ApproximateNumberOfMessagesVisible",
      "NumberOfMessagesDeleted",
      "NumberOfMessagesSent",
      "SentMessageSize",
    ],
  },
  "AWS/SNS": {
    TopicName: [
      "NumberOfMessagesPublished",
      "NumberOfNotificationsDelivered",
      "NumberOfNotificationsFailed",
      "PublishSize",
    ],
  },
  "AWS/States": {
    StateMachineArn: [
      ...EXECUTIONS.map((end) => `Executions${end}`),
      "ExecutionThrottled",
      "ExecutionTime",
    ],
  },
  // On demand: nothing is provisioned, and nothing says how much.
  "AWS/DynamoDB": {
    TableName: [
      "ConsumedReadCapacityUnits",
      "ConsumedWriteCapacityUnits",
      "ReadThrottleEvents",
      "WriteThrottleEvents",
    ],
    "Operation,TableName": ["SystemErrors"],
  },
  "AWS/ApiGateway": {
    "ApiId,Stage": ["4xx", "5xx", "Count", "IntegrationLatency", "Latency"],
  },
  "AWS/S3": {
    "DestinationBucket,RuleId,SourceBucket": ["OperationsFailedReplication"],
  },
};

/** The type that each dimension's value must name; the others are names that AWS gave. */
const DIMENSION_TYPES: Readonly<Record<string, string>> = {
  FunctionName: "AWS::Lambda::Function",
  QueueName: "AWS::SQS::Queue",
  TopicName: "AWS::SNS::Topic",
  StateMachineArn: "AWS::StepFunctions::StateMachine",
  ApiId: "AWS::ApiGatewayV2::Api",
};

const source = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

/** What every function writes of its invocations, and what those with messages or a measure add. */
const writes = (service: string, metric: string): boolean => {
  const handler = source(`lambdas/${service}/handler.ts`);
  const everywhere = source("shared/runtime/invocation.ts");
  if (new RegExp(`metrics\\.add\\("${metric}"`).test(everywhere)) return true;
  if (handler.includes("measure:") && new RegExp(`\\b${metric}:`).test(handler)) return true;
  const measuresBreaches = handler.includes("measure: ({ breaches }) => breaches");
  if (measuresBreaches && BREACH_NAMES.some((name) => name === metric)) return true;
  // Counted by what it came to.
  return (
    handler.includes("metrics.add(type,") &&
    source("shared/use-cases/execute-order.ts").includes(`"${metric}"`)
  );
};

const Dimensions = z.array(z.object({ Name: z.string(), Value: z.unknown() })).default([]);

const namedIn = (metric: unknown): NamedMetric => ({
  namespace: String(at(metric, "Namespace")),
  name: String(at(metric, "MetricName")),
  dimensions: new Map(
    Dimensions.parse(at(metric, "Dimensions")).map(({ Name, Value }) => [Name, Value]),
  ),
});

const metricsOfAlarm = ({ properties }: Placed): readonly NamedMetric[] =>
  properties["MetricName"] === undefined
    ? list(properties["Metrics"]).flatMap((query) => {
        const metric = at(query, "MetricStat", "Metric");
        return metric === undefined ? [] : [namedIn(metric)];
      })
    : [namedIn(properties)];

/** A dashboard's body is a text that is joined from parts; each reference becomes its number. */
const metricsOfDashboard = ({ properties }: Placed): readonly NamedMetric[] => {
  const references: unknown[] = [];
  const body = properties["DashboardBody"];
  const parts = typeof body === "string" ? [body] : list(at(body, "Fn::Join", 1));
  const text = parts
    .map((part) => (typeof part === "string" ? part : `reference ${references.push(part) - 1}`))
    .join("");
  const resolve = (value: unknown): unknown => {
    const found = /^reference (\d+)$/.exec(String(value))?.[1];
    return found === undefined ? value : references[Number(found)];
  };
  return list(at(JSON.parse(text), "widgets"))
    .flatMap((widget) => list(at(widget, "properties", "metrics")))
    .flatMap((line) => {
      const words = list(line).filter((word) => typeof word === "string");
      const [namespace, name, ...rest] = words;
      if (namespace === undefined || name === undefined) return [];
      const pairs = rest.flatMap((word, place) =>
        place % 2 === 0 ? [[word, resolve(rest[place + 1])] as const] : [],
      );
      return [{ namespace, name, dimensions: new Map(pairs) }];
    });
};

/** Why nobody writes it; nothing where somebody does. */
const problemWith = (set: TemplateSet, place: Placed, metric: NamedMetric): string | undefined => {
  const { namespace, name, dimensions } = metric;
  const keys = [...dimensions.keys()].toSorted((one, other) => (one < other ? -1 : 1)).join(",");
  if (namespace === "Holdfast") {
    const service = String(dimensions.get("service"));
    if (keys !== "mode,service") return `${name} is not written under ${keys}.`;
    return writes(service, name) ? undefined : `${service} does not write ${name}.`;
  }
  if (WRITTEN_BY_AWS[namespace]?.[keys]?.includes(name) !== true) {
    return `${namespace} has no ${name} under ${keys}.`;
  }
  for (const [key, value] of dimensions) {
    const type = DIMENSION_TYPES[key];
    if (type !== undefined && target(set, place.stack, value)?.type !== type) {
      return `${name} is of no ${type} there is.`;
    }
  }
  return undefined;
};

const problemsWith = (
  set: TemplateSet,
  place: Placed,
  metrics: readonly NamedMetric[],
): readonly string[] =>
  metrics.flatMap((metric) => {
    const problem = problemWith(set, place, metric);
    return problem === undefined ? [] : [finding(place, problem)];
  });

/** In a sum a series that is silent silences all: a metric of errors is silent while all is well. */
const isDeaf = ({ properties }: Placed): boolean => {
  const queries = list(properties["Metrics"]);
  const ids = queries.filter((query) => at(query, "MetricStat") !== undefined);
  const expressions = JSON.stringify(queries.map((query) => at(query, "Expression")));
  return (
    ids.length > 1 &&
    properties["TreatMissingData"] !== "breaching" &&
    !ids.every((query) => expressions.includes(`FILL(${String(at(query, "Id"))},`))
  );
};

/** Minutes from one run to the next; a day for whatever runs by the clock, but each minute's. */
const minutesBetween = (expression: string): number => {
  const minutes = /^rate\((\d+) minutes?\)$/.exec(expression)?.[1];
  if (minutes !== undefined) return Number(minutes);
  return expression.startsWith("cron(* ") ? 1 : 1_440;
};

/** Workflows have no queue for what failed, as functions have: their alarm is all there is. */
const ENDS_BADLY = ["ExecutionsFailed", "ExecutionsTimedOut"];

const toleratesAll = (set: TemplateSet, alarm: Placed): boolean => {
  const { properties, stack } = alarm;
  if (!metricsOfAlarm(alarm).some(({ name }) => ENDS_BADLY.includes(name))) return false;
  const watched = targets(set, stack, properties["Metrics"] ?? properties["Dimensions"]);
  const seconds = at(properties, "Metrics", 0, "MetricStat", "Period") ?? properties["Period"];
  return resources(set, "AWS::Scheduler::Schedule").some((schedule) => {
    const woken = target(set, schedule.stack, at(schedule.properties, "Target", "Arn"));
    if (woken === undefined || !watched.some((place) => isSame(place, woken))) return false;
    const minutes = minutesBetween(String(schedule.properties["ScheduleExpression"]));
    const runs = Math.max(1, Math.floor(Number(seconds) / 60 / minutes));
    return runs <= Number(properties["Threshold"]);
  });
};

/** A green light that nothing can put out is worse than none. */
export const metricRules: readonly Rule[] = [
  {
    name: "every metric that an alarm or a dashboard reads is one that somebody writes",
    findings: (set) => [
      ...resources(set, ALARM).flatMap((alarm) => problemsWith(set, alarm, metricsOfAlarm(alarm))),
      ...resources(set, "AWS::CloudWatch::Dashboard").flatMap((dashboard) =>
        problemsWith(set, dashboard, metricsOfDashboard(dashboard)),
      ),
    ],
  },
  {
    name: "an alarm over several metrics hears one of them while the others are silent",
    findings: (set) =>
      resources(set, ALARM)
        .filter(isDeaf)
        .map((alarm) => finding(alarm, "it hears nothing until all of them say something.")),
  },
  {
    name: "a workflow that fails each time it runs is heard, however seldom that is",
    findings: (set) =>
      resources(set, ALARM)
        .filter((alarm) => toleratesAll(set, alarm))
        .map((alarm) => finding(alarm, "it tolerates every run there is.")),
  },
];
