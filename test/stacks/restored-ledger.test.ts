import { beforeAll, describe, expect, it } from "vitest";
import { PERMISSIONS, permissionsOf } from "./permissions.ts";
import { auditRules } from "./rules/audit.ts";
import { drillRules } from "./rules/drills.ts";
import { policyRules } from "./rules/policies.ts";
import { storageRules } from "./rules/storage.ts";
import { synthesize } from "./synthesize.ts";
import { at, resources, type TemplateSet } from "./template-set.ts";

const RESTORED = "holdfast-restored-1";
const LEDGER_VARIABLES = ["LEDGER_TABLE", "LEDGER_TABLE_ARN"];

const tablesOf = (set: TemplateSet) => {
  const stack = set.find(({ name }) => name.endsWith("-tables"));
  if (stack === undefined) throw new Error("There is no stack of tables.");
  return stack;
};

/** Every place outside the stack of tables that names a text. */
const namesOf = (set: TemplateSet, text: string): readonly string[] =>
  set
    .filter((stack) => stack !== tablesOf(set))
    .flatMap((stack) =>
      resources([stack]).filter(({ properties }) => JSON.stringify(properties).includes(text)),
    )
    .map(({ id }) => id);

/** What each function knows of a ledger, and where. */
const known = (of: TemplateSet) =>
  resources(of, "AWS::Lambda::Function").flatMap(({ id, stack, properties }) =>
    LEDGER_VARIABLES.flatMap((name) => {
      const value: unknown = at(properties, "Environment", "Variables", name);
      return value === undefined ? [] : [{ at: `${stack.region} ${id} ${name}`, value }];
    }),
  );

const RULES = [...auditRules, ...drillRules, ...policyRules, ...storageRules];

describe("the stacks for a ledger that was restored", () => {
  let set: TemplateSet = [];
  let before: TemplateSet = [];
  beforeAll(() => {
    before = synthesize({});
    set = synthesize({ restoredLedger: RESTORED });
  }, 240_000);

  it.each(RULES)("hold that $name", ({ findings }) => {
    expect(findings(set)).toEqual([]);
  });

  it("give every function that knows a ledger the restored one, in both Regions", () => {
    expect(known(set).map((one) => one.at)).toEqual(known(before).map((one) => one.at));
    for (const { value } of known(set)) expect(JSON.stringify(value)).toContain(RESTORED);
  });

  it("let every function do with it what it may do with the first one, and nothing else", () => {
    for (const fn of resources(set, "AWS::Lambda::Function")) {
      const name = Object.keys(PERMISSIONS).find((one) => fn.id.startsWith(`${one}function`));
      if (name === undefined) continue;
      const twin = resources(before, "AWS::Lambda::Function").find(
        ({ id, stack }) => id === fn.id && stack.name === fn.stack.name,
      );
      expect(twin).toBeDefined();
      if (twin === undefined) return;
      const permissions = [...permissionsOf(set, fn)].toSorted();
      expect(permissions).toEqual([...permissionsOf(before, twin)].toSorted());
    }
  });

  it("watch it, export it and strike it, and leave the first one unnamed", () => {
    const named = namesOf(set, RESTORED).join(" ");
    for (const part of ["backupfunction", "ledgerSystemErrorCount", "regionloss"]) {
      expect(named.toLowerCase()).toContain(part.toLowerCase());
    }
    const [first] = resources([tablesOf(set)], "AWS::DynamoDB::GlobalTable").map(({ properties }) =>
      String(properties["TableName"]),
    );
    expect(namesOf(set, first ?? "?")).toEqual([]);
  });

  it("keep the first one, and every value that stacks still import while they are deployed", () => {
    const [now, then] = [tablesOf(set), tablesOf(before)];
    const tables = (stack: typeof now) => resources([stack], "AWS::DynamoDB::GlobalTable");
    expect(tables(now).map(({ properties }) => properties)).toEqual(
      tables(then).map(({ properties }) => properties),
    );
    const exported = ({ template }: typeof now) =>
      Object.values(template.Outputs).map(({ Export }) => Export?.Name);
    expect(exported(then).length).toBeGreaterThan(1);
    expect(exported(now)).toEqual(expect.arrayContaining(exported(then)));
  });
});
