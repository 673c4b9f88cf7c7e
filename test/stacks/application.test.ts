import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { ModeText } from "../../shared/runtime/environment.ts";
import {
  createRoutes as createQuestions,
  type ServeApiDeps,
} from "../../lambdas/serve-api/routes.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";
import { PERMISSIONS, permissionsOf } from "./permissions.ts";
import { allRules } from "./rules/all-rules.ts";
import { synthesize } from "./synthesize.ts";
import { at, list, resources, target, type TemplateSet } from "./template-set.ts";

const layouts = [
  // All checks of the synthesis are on: the CDK's rules, cdk-nag and ours throw on any finding.
  {
    name: "two Regions",
    context: {},
    regions: ["us-east-2", "us-west-2"],
    hasApi: false,
    hasLease: true,
  },
  {
    name: "one Region with an API",
    context: {
      regions: "us-east-2",
      oidcIssuer: "https://identity.example.com",
      oidcAudience: "holdfast",
      alarmEmail: "desk@example.com",
      monitorUrl: "https://monitor.example.com/ping/1",
      runbooks: "https://example.com/holdfast/docs/runbooks",
    },
    regions: ["us-east-2"],
    hasApi: true,
    hasLease: false,
  },
] as const;

const byText = (left: string, right: string): number => (left < right ? -1 : 1);

const FUNCTIONS = [
  "aggregate-health",
  "back-up",
  "close-cycle",
  "control-trading",
  "execute-orders",
  "keep-audit",
  "notify",
  "open-cycle",
  "poll-flow",
  "poll-market-data",
  "probe-pipeline",
  "reconcile-orders",
  "redrive-dead-letters",
  "run-diagnostics",
  "score-signals",
  "serve-api",
  "verify-restore",
];

/** What one Region alone has no use for. */
const ONLY_WITH_TWO = ["drill-failover", "fail-over", "keep-lease", "watch-drills"];
const ONLY_OF_TWO = new Set(ONLY_WITH_TWO.map((name) => name.replaceAll("-", "")));

/** What a drill breaks. */
const DRILLED = new Set([
  "executeorders",
  "keeplease",
  "opencycle",
  "reconcileorders",
  "scoresignals",
]);

const QUEUE_URL = "https://sqs.us-east-2.amazonaws.com/111111111111/queue";
const Variables = z.record(z.string(), z.unknown());
const Module = z.object({ Env: z.instanceof(z.ZodType) });
const World = z.looseObject({
  HOLDFAST_MODE: ModeText,
  HOLDFAST_REGION: z.string(),
  HOLDFAST_CONFIGURATION: z.string(),
});

describe.each(layouts)("the stacks for $name", ({ context, regions, hasApi, hasLease }) => {
  let set: TemplateSet = [];
  const functionNames = [...FUNCTIONS, ...(hasLease ? ONLY_WITH_TWO : [])];
  beforeAll(() => {
    set = synthesize(context);
  }, 120_000);

  it.each(allRules)("hold that $name", ({ findings }) => {
    expect(findings(set)).toEqual([]);
  });

  it("run in exactly these Regions", () => {
    expect([...new Set(set.map(({ region }) => region))].toSorted(byText)).toEqual(regions);
  });

  it("have every function once in each Region", () => {
    for (const region of regions) {
      const names = resources(set, "AWS::Lambda::Function")
        .filter(({ stack }) => stack.region === region)
        .map(({ id }) => functionNames.find((name) => id.startsWith(name.replaceAll("-", ""))));
      expect(new Set(names)).toEqual(new Set(functionNames));
      expect(names).toHaveLength(functionNames.length);
    }
  });

  it("have market-data, orders and exits in each Region, the latter two FIFO", () => {
    for (const region of regions) {
      const mapped = resources(set, "AWS::Lambda::EventSourceMapping").filter(
        ({ stack }) => stack.region === region,
      );
      const fifo = resources(set, "AWS::SQS::Queue").filter(
        ({ stack, properties }) =>
          stack.region === region && properties["RedrivePolicy"] !== undefined,
      );
      expect(mapped).toHaveLength(3);
      expect(
        fifo.map(({ properties }) => String(properties["QueueName"])).toSorted(byText),
      ).toEqual(["holdfast-paper-exits.fifo", "holdfast-paper-orders.fifo", "undefined"]);
    }
  });

  it("have an API only where somebody vouches for the operators", () => {
    expect(resources(set, "AWS::ApiGatewayV2::Api")).toHaveLength(hasApi ? 1 : 0);
    const routes = resources(set, "AWS::ApiGatewayV2::Route").map(({ properties }) =>
      String(properties["RouteKey"]),
    );
    // Whatever serve-api answers can be asked, and nothing else.
    const questions = Object.keys(createQuestions({} as ServeApiDeps)).toSorted(byText);
    const asked = routes.filter((key) => key.startsWith("GET ")).toSorted(byText);
    expect(asked).toEqual(hasApi ? questions : []);
    expect(routes.length > asked.length).toBe(hasApi);
  });

  it("keep the tables in the first Region only, apart from what runs", () => {
    const tables = resources(set, "AWS::DynamoDB::GlobalTable");
    expect(tables.map(({ stack }) => stack.name)).toEqual([
      "holdfast-paper-us-east-2-tables",
      "holdfast-paper-us-east-2-tables",
    ]);
  });

  it("wake the cycle on weekdays only, and the watchers always", () => {
    const expressions = resources(set, "AWS::Scheduler::Schedule").map(({ properties }) =>
      String(properties["ScheduleExpression"]),
    );
    const always = Array.from({ length: hasLease ? 6 : 5 }, () => "rate(1 minute)");
    const drills = ["cron(0 11 ? * 4#1 *)", "rate(5 minutes)"];
    const nightly = "cron(30 22 * * ? *)";
    const seldom = ["rate(15 minutes)", "rate(5 minutes)", nightly, ...(hasLease ? drills : [])];
    const each = ["cron(* 4-19 ? * MON-FRI *)", ...seldom, ...always];
    expect(expressions.toSorted(byText)).toEqual(regions.flatMap(() => each).toSorted(byText));
  });

  it("hand the slot's own time to the cycle", () => {
    const inputs = resources(set, "AWS::Scheduler::Schedule").map(({ properties }) =>
      at(properties, "Target", "Input"),
    );
    const others = hasLease ? ['{"scenario":"next"}'] : [];
    // And to the restore test, whose table it names.
    const expected = regions.flatMap(() => [
      '{"slot":"<aws.scheduler.scheduled-time>"}',
      '{"slot":"<aws.scheduler.scheduled-time>"}',
      ...others,
    ]);
    const given = inputs.flatMap((input) => (typeof input === "string" ? [input] : []));
    expect(given.toSorted(byText)).toEqual(expected.toSorted(byText));
  });

  it("tell every function the name of the one ledger, whatever its Region", () => {
    const ledger = resources(set, "AWS::DynamoDB::GlobalTable").find(
      ({ properties }) => properties["TimeToLiveSpecification"] === undefined,
    );
    expect(list(ledger?.properties["Replicas"]).map((replica) => at(replica, "Region"))).toEqual(
      expect.arrayContaining([...regions]),
    );
    const named = resources(set, "AWS::Lambda::Function").flatMap(({ stack, properties }) => {
      const name = at(properties, "Environment", "Variables", "LEDGER_TABLE");
      if (name === undefined) return [];
      // The first Region refers to the table; the second knows its name beforehand.
      const isName = name === ledger?.properties["TableName"];
      return [isName ? ledger?.id : target(set, stack, name)?.id];
    });
    expect(named).toEqual(
      Array.from({ length: (hasLease ? 14 : 11) * regions.length }, () => ledger?.id),
    );
  });

  it.each(Object.entries(PERMISSIONS).filter(([name]) => hasLease || !ONLY_OF_TWO.has(name)))(
    "let %s do exactly what it must",
    (name, expected) => {
      const functions = resources(set, "AWS::Lambda::Function").filter(({ id }) =>
        id.startsWith(name),
      );
      const starts = hasLease && name === "controltrading" ? ["start failoverworkflow"] : [];
      const copied = hasLease && name === "keepaudit" ? ["fetch copies", "list copies"] : [];
      const read = hasLease && name === "serveapi" ? ["fetch copies", "list copies"] : [];
      const drilled = hasLease && DRILLED.has(name) ? ["fetch faults", "list faults"] : [];
      expect(functions).toHaveLength(regions.length);
      for (const fn of functions) {
        const all = [...expected, ...starts, ...drilled, ...copied, ...read];
        expect(new Set(permissionsOf(set, fn))).toEqual(new Set(all));
      }
    },
  );

  it.runIf(hasLease)("are as many as the page about deploying says", () => {
    const page = readFileSync(new URL("../../docs/deploy.md", import.meta.url), "utf8");
    const count = (type: string): number => resources(set, type).length;
    const alarms = resources(set, "AWS::CloudWatch::Alarm");
    const metrics = alarms.flatMap(({ properties }) =>
      properties["Metrics"] === undefined
        ? [properties]
        : list(properties["Metrics"]).filter((one) => at(one, "MetricStat") !== undefined),
    );
    const reserved = resources(set, "AWS::Lambda::Function")
      .filter(({ stack }) => stack.region === regions[0])
      .map(({ properties }) => Number(properties["ReservedConcurrentExecutions"] ?? 0));
    for (const text of [
      `${count("AWS::KMS::Key")} customer keys`,
      `${alarms.length} alarms over ${metrics.length} metrics`,
      `${count("AWS::CloudWatch::CompositeAlarm")} composite alarms`,
      `${count("AWS::CloudWatch::Dashboard")} dashboards`,
      `${count("AWS::SecretsManager::Secret")} secrets`,
      `${reserved.reduce((sum, one) => sum + one, 0)} are reserved`,
    ]) {
      expect(page).toContain(text);
    }
  });

  it("give every function a role of its own", () => {
    const roles = resources(set, "AWS::Lambda::Function").map(
      (fn) => `${fn.stack.name}/${target(set, fn.stack, fn.properties["Role"])?.id}`,
    );
    expect(new Set(roles).size).toBe(roles.length);
  });

  it.each(functionNames)("give %s an environment that it can read", async (name) => {
    const { Env } = Module.parse(await import(`../../lambdas/${name}/env.ts`));
    const prefix = name.replaceAll("-", "");
    const functions = resources(set, "AWS::Lambda::Function").filter(({ id }) =>
      id.startsWith(prefix),
    );
    for (const { properties } of functions) {
      const variables = Variables.parse(at(properties, "Environment", "Variables"));
      const deployed = Object.entries(variables).map(([key, value]) => [
        key,
        // What CloudFormation fills in: the address of a queue, or a name or ARN.
        typeof value === "string" ? value : key.endsWith("_URL") ? QUEUE_URL : "a-name",
      ]);
      expect(() => Env.parse(Object.fromEntries(deployed))).not.toThrow();
      expect(settingsOf(World.parse(variables)).symbols.length).toBeGreaterThan(0);
    }
  });
});
