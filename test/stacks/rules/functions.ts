import {
  at,
  finding,
  isSame,
  list,
  resources,
  target,
  type Placed,
  type Rule,
} from "../template-set.ts";
import type { TemplateSet } from "../template-set.ts";

const FUNCTION = "AWS::Lambda::Function";

/** An account starts with 1,000 invocations at a time; Lambda keeps 100 of them unreserved. */
const RESERVED_MAX = 100;
const ENVIRONMENT_BYTES_MAX = 4_096;
/** A function's policy may have 20 KB; a route of the API takes some 450 bytes of it. */
const PERMISSIONS_MAX = 40;

const timesAsync = (set: TemplateSet, fn: Placed): boolean => {
  const schedules = resources(set, "AWS::Scheduler::Schedule").some((schedule) =>
    isSame(target(set, schedule.stack, at(schedule.properties, "Target", "Arn")), fn),
  );
  const topics = resources(set, "AWS::SNS::Subscription").some((subscription) =>
    isSame(target(set, subscription.stack, at(subscription.properties, "Endpoint")), fn),
  );
  return schedules || topics;
};

/** The lease's keeper waits for a suspicious one; a slice of a restore test takes what it gets. */
const timeoutMaxOf = ({ id }: Placed): number =>
  id.startsWith("keeplease") ? 150 : id.startsWith("verifyrestore") ? 300 : 60;

/** What every function must be. */
export const functionRules: readonly Rule[] = [
  {
    name: "every function is Node.js 24 on arm64, traced, with its own memory and time-out",
    findings: (set) =>
      resources(set, FUNCTION).flatMap((fn) => {
        const { properties } = fn;
        const isAsWanted =
          properties["Runtime"] === "nodejs24.x" &&
          list(properties["Architectures"]).join() === "arm64" &&
          at(properties, "TracingConfig", "Mode") === "Active" &&
          Number(properties["MemorySize"]) >= 256 &&
          Number(properties["Timeout"]) >= 5 &&
          Number(properties["Timeout"]) <= timeoutMaxOf(fn);
        return isAsWanted ? [] : [finding(fn, "it is not made as the others are.")];
      }),
  },
  {
    name: "every function writes to a log group of its own that keeps and encrypts",
    findings: (set) => {
      const groups = resources(set, FUNCTION).map((fn) => ({
        fn,
        group: target(set, fn.stack, at(fn.properties, "LoggingConfig", "LogGroup")),
      }));
      const ids = groups.map(({ group }) => `${group?.stack.name}/${group?.id}`);
      return groups.flatMap(({ fn, group }, index) =>
        group !== undefined && ids.indexOf(ids[index] ?? "") === index
          ? []
          : [finding(fn, "it has no log group of its own.")],
      );
    },
  },
  {
    name: "every log group forgets in time and is encrypted",
    findings: (set) =>
      resources(set, "AWS::Logs::LogGroup")
        .filter(
          ({ properties }) =>
            !(Number(properties["RetentionInDays"]) <= 400) || properties["KmsKeyId"] === undefined,
        )
        .map((group) => finding(group, "it keeps for ever, or in clear.")),
  },
  {
    name: "a reservation is at least what the function's queues ask for, and few in all",
    findings: (set) => {
      const functions = resources(set, FUNCTION);
      const tooSmall = functions.flatMap((fn) => {
        const reserved = fn.properties["ReservedConcurrentExecutions"];
        if (reserved === undefined) return [];
        const asked = resources(set, "AWS::Lambda::EventSourceMapping")
          .filter((mapping) =>
            isSame(target(set, mapping.stack, mapping.properties["FunctionName"]), fn),
          )
          .map(({ properties }) => Number(at(properties, "ScalingConfig", "MaximumConcurrency")))
          .reduce((sum, concurrency) => sum + concurrency, 0);
        return Number(reserved) >= Math.max(1, asked)
          ? []
          : [finding(fn, `fewer are reserved than the ${asked} asked for.`)];
      });
      const regions = [...new Set(set.map(({ region }) => region))];
      const tooMany = regions.flatMap((region) => {
        const total = functions
          .filter(({ stack }) => stack.region === region)
          .map(({ properties }) => Number(properties["ReservedConcurrentExecutions"] ?? 0))
          .reduce((sum, reserved) => sum + reserved, 0);
        return total <= RESERVED_MAX ? [] : [`${region}: ${total} invocations are reserved.`];
      });
      return [...tooSmall, ...tooMany];
    },
  },
  {
    name: "who is woken without anyone waiting has bounded retries and a place for failures",
    findings: (set) =>
      resources(set, FUNCTION)
        .filter((fn) => timesAsync(set, fn))
        .filter((fn) => {
          const configuration = resources(set, "AWS::Lambda::EventInvokeConfig").find((candidate) =>
            isSame(target(set, candidate.stack, candidate.properties["FunctionName"]), fn),
          );
          const age = Number(at(configuration?.properties, "MaximumEventAgeInSeconds"));
          return !(
            age <= 3_600 &&
            at(configuration?.properties, "MaximumRetryAttempts") !== undefined &&
            at(configuration?.properties, "DestinationConfig", "OnFailure") !== undefined
          );
        })
        .map((fn) => finding(fn, "Lambda retries for hours, then forgets.")),
  },
  {
    name: "a function's environment fits into Lambda's 4 KiB",
    findings: (set) =>
      resources(set, FUNCTION)
        .filter(
          ({ properties }) =>
            JSON.stringify(at(properties, "Environment", "Variables") ?? {}).length >
            ENVIRONMENT_BYTES_MAX,
        )
        .map((fn) => finding(fn, "its environment is too large.")),
  },
  {
    name: "a function's own policy has room for everyone who may call it",
    findings: (set) => {
      const permissions = resources(set, "AWS::Lambda::Permission");
      const callees = permissions.map(({ stack, properties }) =>
        target(set, stack, properties["FunctionName"]),
      );
      return resources(set, FUNCTION, "AWS::Lambda::Alias").flatMap((fn) => {
        const count = callees.filter((callee) => isSame(callee, fn)).length;
        return count <= PERMISSIONS_MAX ? [] : [finding(fn, `${count} are more than 20 KB hold.`)];
      });
    },
  },
  {
    name: "there is no function, and no custom resource, that is not ours",
    findings: (set) => [
      ...resources(set)
        .filter(({ type }) => /^(Custom::|AWS::CloudFormation::CustomResource)/.test(type))
        .map((resource) => finding(resource, "it runs somebody else's code at deployment.")),
      ...resources(set, FUNCTION)
        .filter(
          ({ properties }) =>
            at(properties, "Environment", "Variables", "HOLDFAST_MODE") === undefined,
        )
        .map((fn) => finding(fn, "it is not one of ours.")),
    ],
  },
];
