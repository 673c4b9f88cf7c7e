import { describe, expect, it } from "vitest";
import { keptByNpm } from "../../bin/kept-by-npm.ts";
import { simulate } from "../../bin/verbs/simulate.ts";
import { start } from "../../bin/verbs/start.ts";

describe("an option that npm took for itself", () => {
  it("is named, with the way to write it", () => {
    expect(keptByNpm(start, ["start", "60"], { npm_config_speed: "60" })).toContain(
      "npm start -- --speed",
    );
    const environment = { npm_config_only_faults: "1" };
    expect(keptByNpm(simulate, ["simulate"], environment)).toContain(
      "npm run holdfast -- simulate --only-faults",
    );
  });

  it.each([
    ["nothing was taken", ["start"], {}],
    ["npm has the option too", ["start"], { npm_config_json: "true", npm_config_yes: "true" }],
    ["it was written as well", ["start", "--port=0"], { npm_config_port: "8080" }],
  ])("is none where %s", (_, words, environment) => {
    expect(keptByNpm(start, words, environment)).toBeUndefined();
  });
});
