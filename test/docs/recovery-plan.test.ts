import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { VERBS } from "../../bin/main.ts";
import { DRILL_SCENARIOS } from "../../shared/domain/failover/deployed-drill.ts";
import { FAILURES } from "../../shared/domain/chaos/chaos-mode.ts";
import { FAULT_PLANS } from "../../local/drills/orders/fault-plans.ts";

const docs = new URL("../../docs/", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, docs), "utf8");
const pages = readdirSync(new URL("recovery/", docs));
const runbooks = readdirSync(new URL("runbooks/", docs)).map((page) => `runbooks/${page}`);
const plan = read("recovery-plan.md");

/** Every `npm run holdfast -- ...` of a page, as words; a line break is a space. */
const commandsOf = (text: string): readonly (readonly string[])[] =>
  [...text.replaceAll(/\n\s*/g, " ").matchAll(/npm run holdfast -- ([^`]+)`/g)].map(
    ([, words = ""]) => words.trim().split(" "),
  );

/** What is wrong with a command, or undefined. */
const flawOf = ([word = "", ...rest]: readonly string[]): string | undefined => {
  const verb = VERBS.find(({ name }) => name === word);
  if (word === "VERB") return undefined;
  if (verb === undefined) return `There is no verb ${word}.`;
  const choices = verb.arguments?.[0]?.choices;
  const first = rest.find((one) => !one.startsWith("-"));
  if (choices !== undefined && (first === undefined || !choices.includes(first))) {
    return `${word} takes ${choices.join(", ")}, not ${first}.`;
  }
  const flags = new Set([
    "--json",
    ...(verb.options ?? []).map(({ flags }) => flags.split(" ")[0]),
  ]);
  return rest
    .filter((one) => one.startsWith("--"))
    .map((one) => (flags.has(one) ? undefined : `${word} has no ${one}.`))
    .find((flaw) => flaw !== undefined);
};

describe("the recovery plan", () => {
  it("links every page of a failure, with its times and what rehearses it", () => {
    for (const page of pages) expect(plan).toContain(`(recovery/${page})`);
    const rows = plan
      .split("\n")
      .filter((line) => line.startsWith("| [") && line.includes("recovery/"));
    expect(rows.length).toBeGreaterThanOrEqual(pages.length);
    for (const row of rows) {
      const cells = row.split("|").map((cell) => cell.trim());
      expect(
        cells.slice(1, 5).every((cell) => cell.length > 0),
        row,
      ).toBe(true);
    }
  });

  it("links only to what exists, and so does every page of a failure", () => {
    for (const path of [
      "recovery-plan.md",
      "drills.md",
      ...pages.map((page) => `recovery/${page}`),
    ]) {
      for (const [, link = ""] of read(path).matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
        expect(existsSync(new URL(link, new URL(path, docs))), `${path}: ${link}`).toBe(true);
      }
    }
  });

  it("is linked from the index of the runbooks, page by page", () => {
    const index = read("runbooks/README.md");
    for (const page of pages) expect(index).toContain(`(../recovery/${page})`);
    expect(index).toContain("(../recovery-plan.md)");
  });

  it.each(pages)("says in %s how it is found, met, checked and rehearsed", (page) => {
    const text = read(`recovery/${page}`);
    for (const heading of [
      "## Detection",
      "## What the system does",
      "## What a person does",
      "## How to check",
      "## Rehearsed by",
    ]) {
      expect(text).toContain(`\n${heading}\n`);
    }
    const rehearsed = text.split("## Rehearsed by")[1] ?? "";
    expect(commandsOf(rehearsed).length).toBeGreaterThan(0);
    expect(text.split("\n").length).toBeLessThan(60);
  });
});

describe("every page", () => {
  const paths = ["recovery-plan.md", ...runbooks, ...pages.map((page) => `recovery/${page}`)];

  it.each(paths)("names only verbs, words and options that there are: %s", (path) => {
    expect(commandsOf(read(path)).flatMap((words) => flawOf(words) ?? [])).toEqual([]);
  });

  it("names only failures and scenarios that can be rehearsed", () => {
    const text = pages.map((page) => read(`recovery/${page}`)).join("\n") + plan;
    const failures = [...text.replaceAll("\n", " ").matchAll(/chaos run ([a-z]+_[a-z_]+)/g)];
    expect(failures.length).toBeGreaterThan(5);
    for (const [, name = ""] of failures) expect(FAILURES).toContain(name);
    for (const [, list = ""] of text.matchAll(/--faults ([A-Za-z,]+)/g)) {
      for (const name of list.split(",")) {
        expect(FAULT_PLANS.map((one) => one.name)).toContain(name);
      }
    }
    for (const scenario of DRILL_SCENARIOS) expect(read("drills.md")).toContain(`\`${scenario}\``);
  });
});
