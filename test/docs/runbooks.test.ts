import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const directory = new URL("../../docs/runbooks/", import.meta.url);
const read = (page: string): string => readFileSync(new URL(page, directory), "utf8");
const pages = readdirSync(directory).filter((name) => name !== "README.md");

/** The names of the pages, as the alarms' type has them. */
const linked = [
  ...readFileSync(new URL("../../lib/constructs/runbook.ts", import.meta.url), "utf8").matchAll(
    /\| "([a-z-]+)"/g,
  ),
].map(([, name]) => `${name}.md`);

const root = new URL("../../", import.meta.url);
const sources = readdirSync(new URL("shared/use-cases/", root), { recursive: true })
  .map(String)
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(new URL(`shared/use-cases/${name}`, root), "utf8"));
/** The pages that alerts name. */
const named = sources.flatMap((text) => [...text.matchAll(/ runbook: "([a-z-]+)"/g)]);

describe("the runbooks", () => {
  it("have a page for every alert that is published", () => {
    expect(named.length).toBeGreaterThan(3);
    for (const [, name = ""] of named) expect(pages).toContain(`${name}.md`);
  });

  it("are the pages that alarms can link to, no more and no less", () => {
    expect(new Set(pages)).toEqual(new Set(linked));
  });

  it.each(pages)(
    "answer in %s what it means, what was done, what to do, and when it is over",
    (page) => {
      const text = read(page);
      for (const heading of ["Means.", "What the system has done.", "Do.", "Over when"]) {
        expect(text).toContain(`**${heading}`);
      }
      // What is read at three in the morning fits on one screen or two.
      expect(text.split("\n").length).toBeLessThan(60);
    },
  );

  it.each(pages)("are listed in the index: %s", (page) => {
    expect(read("README.md")).toContain(`(${page})`);
  });

  it.each([...pages.map((page) => `runbooks/${page}`), "runbooks/README.md", "deploy.md"])(
    "link only to what exists: %s",
    (page) => {
      const file = new URL(`../../docs/${page}`, import.meta.url);
      for (const [, link = ""] of readFileSync(file, "utf8").matchAll(/\]\(([^)#]+)\)/g)) {
        expect(existsSync(fileURLToPath(new URL(link, file))), link).toBe(true);
      }
    },
  );
});

describe("the deployment guide", () => {
  const guide = readFileSync(new URL("../../docs/deploy.md", import.meta.url), "utf8");
  const source = readFileSync(new URL("../../lib/deployment.ts", import.meta.url), "utf8");

  it("names every context value", () => {
    const names = /const CONTEXT_NAMES: readonly string\[\] = \[([^\]]+)\]/.exec(source)?.[1] ?? "";
    const values = [...names.matchAll(/"(\w+)"/g)].map(([, name = ""]) => name);
    expect(values.length).toBeGreaterThan(5);
    for (const name of values) expect(guide).toContain(`\`${name}\``);
  });
});
