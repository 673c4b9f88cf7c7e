import { describe, expect, it } from "vitest";
import { createProgressLine } from "../../bin/progress-line.ts";

const watch = ({ isTerminal, isJson }: { isTerminal: boolean; isJson: boolean }) => {
  let nowMs = 0;
  const errors: string[] = [];
  const line = createProgressLine(
    { isJson },
    { isTerminal, writeError: (text) => void errors.push(text) },
    { monotonicMs: () => nowMs },
  );
  for (; nowMs < 65_000; nowMs += 1_000) line.show(`${nowMs / 1_000} s`);
  line.clear();
  return errors;
};

describe("the line of progress", () => {
  it("is written over on a terminal, and is gone in the end", () => {
    const errors = watch({ isTerminal: true, isJson: false });
    expect(errors).toHaveLength(66);
    expect(errors.every((text) => text.startsWith("\r\u001b[K") && !text.includes("\n"))).toBe(
      true,
    );
    expect(errors.at(-1)).toBe("\r\u001b[K");
  });

  it.each([true, false])("comes every 30 s where nobody looks, JSON %s", (isJson) => {
    expect(watch({ isTerminal: false, isJson })).toEqual(["30 s\n", "60 s\n"]);
  });

  it("does not disturb a document on a terminal", () => {
    expect(watch({ isTerminal: true, isJson: true })).toEqual([]);
  });
});
