import { describe, expect, it } from "vitest";
import { bugsAreNone } from "../../../simulation/invariants/bugs-are-none.ts";
import { by, createStage, judge } from "./stage.ts";

const ended = (error: string) =>
  judge(bugsAreNone, createStage(), [
    { type: "functionEnded", actor: by("keep-audit"), outcome: "threw", error },
  ]);

describe("no function ends by a mistake of its own", () => {
  it("is broken by what nobody throws on purpose, and by nothing else", () => {
    expect(ended("RetryableError: DynamoDB failed.")).toEqual([]);
    expect(ended("TerminalError: It cannot be read.")).toEqual([]);
    expect(ended("TypeError: Cannot read properties of undefined")).toHaveLength(1);
    expect(ended("AssertionError: A head has at least one record.")).toHaveLength(1);
  });
});
