import { Stack } from "aws-cdk-lib";
import { describe, expect, it } from "vitest";
import { parseDeployment } from "../../lib/deployment.ts";
import { createTestApp } from "./synthesize.ts";

const parse = (context: Readonly<Record<string, unknown>>, account?: string) =>
  parseDeployment((name) => context[name], account);

describe("a deployment's context", () => {
  it("needs nothing: two Regions, a witness, paper, and no API", () => {
    expect(parse({})).toEqual({
      mode: "paper",
      account: "000000000000",
      primaryRegion: "us-east-2",
      second: { region: "us-west-2", witness: "us-east-1" },
      tradesIn: "us-east-2",
      failover: "automatic",
      drills: "monthly",
      runbooks: "docs/runbooks",
      identity: undefined,
      alarmEmail: undefined,
      monitorUrl: undefined,
      lockDays: 90,
    });
  });

  it("takes the account of the credentials, and the given one above it", () => {
    expect(parse({}, "111111111111").account).toBe("111111111111");
    expect(parse({ account: "222222222222" }, "111111111111").account).toBe("222222222222");
  });

  it("has neither a witness nor drills with one Region", () => {
    const { primaryRegion, second, drills } = parse({ regions: "eu-west-1" });
    expect([primaryRegion, second, drills]).toEqual(["eu-west-1", undefined, "none"]);
  });

  it("drills by itself where orders are made with play money, and else where it is switched on", () => {
    expect(parse({ mode: "shadow" }).drills).toBe("none");
    expect(parse({ mode: "shadow", drills: "monthly" }).drills).toBe("monthly");
    expect(parse({ drills: "byHand" }).drills).toBe("byHand");
  });

  it.each([
    ["live, for which nothing here is signed", { mode: "live" }, /signed configuration/],
    ["sim, which is no deployment", { mode: "sim" }, /shadow or paper/],
    ["a Region that is none", { regions: "ohio" }, /context regions/],
    ["three Regions", { regions: "us-east-1,us-east-2,us-west-2" }, /context regions/],
    ["one Region twice", { regions: "us-east-2,us-east-2" }, /must differ/],
    ["a witness that is a replica", { witness: "us-west-2" }, /must differ/],
    ["trading in a Region that is none of them", { tradesIn: "eu-west-1" }, /one of the Regions/],
    ["drills on a whim", { drills: "often" }, /none, byHand or monthly/],
    ["a failover by chance", { failover: "perhaps" }, /automatic or byHand/],
    ["an account that is none", { account: "12" }, /twelve digits/],
    ["an issuer without an audience", { oidcIssuer: "https://example.com" }, /both, or neither/],
    [
      "an issuer without TLS",
      { oidcIssuer: "http://example.com", oidcAudience: "a" },
      /oidcIssuer/,
    ],
    ["a monitor without TLS", { monitorUrl: "http://example.com/ping" }, /monitorUrl/],
    ["a ledger that no restore made", { restoredLedger: "ledger" }, /holdfast-restored-NAME/],
    ["a ledger that tonight takes away", { restoredLedger: "holdfast-restored-test-1" }, /restore/],
    ["a ledger of no name", { restoredLedger: "holdfast-restored-" }, /holdfast-restored-NAME/],
    ["a lock of no time", { lockDays: "0" }, /at least 1 day/],
    ["a lock that is no number", { lockDays: "long" }, /number of days/],
    ["a mail address that is none", { alarmEmail: "desk" }, /alarmEmail/],
    ["runbooks with a slash at the end", { runbooks: "https://example.com/" }, /slash/],
  ])("refuses %s", (_, context, message) => {
    expect(() => parse(context)).toThrow(message);
  });
});

/** Keeps something, and is therefore protected and apart from what runs. */
const STATEFUL = ["copies", "keys", "storage", "tables"];

const stackKind = (name: string): string => name.split("-").at(-1) ?? "";

const stacksOf = (context: Readonly<Record<string, unknown>>) =>
  createTestApp(context)
    .node.children.filter((child) => child instanceof Stack)
    .map((stack) => ({
      name: stack.stackName,
      region: stack.region,
      isProtected: stack.terminationProtection ?? false,
      after: stack.dependencies.map(({ stackName }) => stackName),
    }));
describe("the stacks of an application", () => {
  const stacks = stacksOf({});

  it("are protected from termination exactly where they keep something", () => {
    for (const { name, isProtected } of stacks) {
      expect({ name, isProtected }).toEqual({
        name,
        isProtected: STATEFUL.includes(stackKind(name)),
      });
    }
  });

  it.each([
    ["monthly", true, true],
    ["byHand", true, false],
    ["none", false, false],
  ])("lose a Region on purpose as the context says: %s", (drills, isPossible, isMonthly) => {
    const stacksOfDrills = createTestApp({ drills }).node.children.filter((child) =>
      ["drill", "experiments"].includes(stackKind(child.node.id)),
    );
    expect(stacksOfDrills.length).toBe(isPossible ? 4 : 0);
    const monthly = stacksOfDrills.filter((stack) => stack.node.tryFindChild("monthly"));
    expect(monthly.length).toBe(isMonthly ? 2 : 0);
  });

  it.each([["us-east-2"], ["us-west-2"]])(
    "come to %s last where it trades, and to the other Region before",
    (tradesIn) => {
      const running = stacksOf({ tradesIn }).filter(
        ({ name }) => !STATEFUL.includes(stackKind(name)),
      );
      const passive = running.filter(({ region }) => region !== tradesIn);
      expect(passive.length).toBeGreaterThan(4);
      for (const { name, region, after } of running) {
        const others = running.filter((other) => other.region !== region).map((one) => one.name);
        const expected = region === tradesIn ? others : [];
        expect({ name, after: after.filter((one) => others.includes(one)).toSorted() }).toEqual({
          name,
          after: expected.toSorted(),
        });
      }
    },
  );
});

describe("the application", () => {
  it("refuses a wrong context before it makes anything", () => {
    expect(() => createTestApp({ mode: "live" })).toThrow("signed configuration");
  });
});
