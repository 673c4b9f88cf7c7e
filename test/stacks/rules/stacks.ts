import { finding, list, resources, type Placed, type Rule } from "../template-set.ts";

/** CloudFormation allows 500 resources and 1 MB; later capabilities need room. */
const RESOURCES_MAX = 300;
const TEMPLATE_BYTES_MAX = 800_000;

/** Properties that are physical names. What people read (alarms, dashboards) may have them. */
const NAMES = [
  "BucketName",
  "FunctionName",
  "LogGroupName",
  "Name",
  "PolicyName",
  "QueueName",
  "RoleName",
  "StateMachineName",
  "TableName",
  "TopicName",
];

/** Types whose name property names another resource, or which require a name. */
const OTHER_NAMES = [
  "AWS::ApiGatewayV2::Api",
  "AWS::ApiGatewayV2::Authorizer",
  "AWS::IAM::Policy",
  "AWS::Lambda::Alias",
  "AWS::Lambda::EventInvokeConfig",
  "AWS::Lambda::EventSourceMapping",
  "AWS::Lambda::Permission",
  "AWS::Logs::QueryDefinition",
];

/** What a name may be given for. */
const mayBeNamed = ({ type, properties }: Placed): boolean =>
  OTHER_NAMES.includes(type) ||
  (type === "AWS::SQS::Queue" && properties["FifoQueue"] === true) ||
  // Generated, and in the template only because the other Region must know it beforehand.
  (type === "AWS::DynamoDB::GlobalTable" && properties["GlobalTableWitnesses"] !== undefined) ||
  (type === "AWS::DynamoDB::GlobalTable" && properties["MultiRegionConsistency"] === "EVENTUAL") ||
  // Copies are named because the other Region must know where to copy to beforehand.
  (type === "AWS::S3::Bucket" && /-copies-/.test(String(properties["BucketName"]))) ||
  // A schedule group cannot do without a name; CDK makes one.
  type === "AWS::Scheduler::ScheduleGroup";

/**
 * What changes something takes more than reading, and the second of two says yes by his own scope.
 */
const scopeOf = (routeKey: string): string => {
  if (routeKey.startsWith("GET ")) return "read";
  return routeKey.endsWith("/approve") ? "approve" : "operate";
};

/** What holds of stacks as such. */
export const stackRules: readonly Rule[] = [
  {
    name: "every stack stays well below CloudFormation's limits",
    findings: (set) =>
      set
        .filter(
          ({ template }) =>
            Object.keys(template.Resources).length > RESOURCES_MAX ||
            JSON.stringify(template).length > TEMPLATE_BYTES_MAX,
        )
        .map(({ name }) => `${name}: it is too large.`),
  },
  {
    name: "names are left to CloudFormation, except those of FIFO queues",
    findings: (set) =>
      resources(set)
        .filter((resource) => !mayBeNamed(resource))
        .filter(({ properties }) => NAMES.some((name) => typeof properties[name] === "string"))
        .map((resource) => finding(resource, "it is named by hand.")),
  },
  {
    name: "an API asks for a token with a scope, is throttled and logged, and has no CORS",
    findings: (set) => [
      ...resources(set, "AWS::ApiGatewayV2::Route")
        .filter(
          ({ properties }) =>
            properties["AuthorizationType"] !== "JWT" ||
            list(properties["AuthorizationScopes"]).join() !==
              scopeOf(String(properties["RouteKey"])),
        )
        .map((route) => finding(route, "it answers without a token of its scope.")),
      ...resources(set, "AWS::ApiGatewayV2::Api")
        .filter(({ properties }) => properties["CorsConfiguration"] !== undefined)
        .map((api) => finding(api, "other sites' pages may call it.")),
      ...resources(set, "AWS::ApiGatewayV2::Stage")
        .filter(
          ({ properties }) =>
            properties["AccessLogSettings"] === undefined ||
            properties["DefaultRouteSettings"] === undefined,
        )
        .map((stage) => finding(stage, "it is not throttled or not logged.")),
    ],
  },
  {
    name: "what keeps nothing goes with its stack, so that the next one can have its name",
    findings: (set) =>
      resources(set, "AWS::Scheduler::ScheduleGroup")
        .filter(({ resource }) => resource.DeletionPolicy !== "Delete")
        .map((group) => finding(group, "it stays, empty, and its name is taken.")),
  },
];
