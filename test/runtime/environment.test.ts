import { describe, expect, it } from "vitest";
import { Env } from "../../lambdas/execute-orders/env.ts";
import { parseEnvironment } from "../../shared/runtime/environment.ts";
import { createLambdaEntry } from "../../shared/runtime/aws/lambda-entry.ts";
import { goodEnvironment } from "../lambdas/good-environment.ts";

describe("a function's environment", () => {
  it("is read when it is as the stack writes it", () => {
    expect(parseEnvironment(Env, goodEnvironment).HOLDFAST_MODE).toBe("paper");
  });

  it("is refused by the names of its bad keys, all of them, and never by values", () => {
    const bad = { ...goodEnvironment, HOLDFAST_MODE: "hunter2", BROKER_URL: "ftp://hunter2" };
    const { LEDGER_TABLE: _missing, ...rest } = bad;
    const attempt = (): unknown => parseEnvironment(Env, rest);
    expect(attempt).toThrow(
      "The environment is not valid; look at: BROKER_URL, HOLDFAST_MODE, LEDGER_TABLE.",
    );
    expect(attempt).not.toThrow(/hunter2/);
  });
});

describe("the entry of a function", () => {
  const context = { awsRequestId: "1", getRemainingTimeInMillis: () => 1_000 };

  it("builds its handler once, and again only where building failed", async () => {
    let builds = 0;
    const entry = createLambdaEntry<string, string>(async () => {
      builds += 1;
      if (builds === 1) throw new Error("The secret was not read.");
      return async (event) => {
        if (event === "bad") throw new Error("The work failed.");
        return event;
      };
    });
    await expect(entry("one", context)).rejects.toThrow("The secret was not read.");
    expect(await entry("two", context)).toBe("two");
    await expect(entry("bad", context)).rejects.toThrow("The work failed.");
    expect(await entry("three", context)).toBe("three");
    expect(builds).toBe(2);
  });
});
