import { describe, expect, it } from "vitest";
import { createDeadLetters } from "../../../simulation/services/dead-letters.ts";

const VISIBILITY_MS = 1_000;

const withLetters = (count: number) => {
  const letters = createDeadLetters(VISIBILITY_MS);
  for (let index = 0; index < count; index++) {
    letters.add({ id: `letter-${index}`, body: "{}", group: undefined, sentAtMs: index });
  }
  return letters;
};

describe("dead letters", () => {
  it("are received oldest first, at most ten at once, and are then out of sight", () => {
    const letters = withLetters(12);
    const first = letters.receive(100, 0);
    expect(first.map(({ id }) => id)).toEqual(
      Array.from({ length: 10 }, (_, index) => `letter-${index}`),
    );
    expect(letters.receive(100, 0)).toHaveLength(2);
    expect(letters.receive(100, VISIBILITY_MS)).toHaveLength(10);
    expect(letters.size()).toBe(12);
  });

  it("are removed by their newest receipt alone", () => {
    const letters = withLetters(1);
    const old = letters.receive(1, 0)[0]?.receipt ?? "";
    const newest = letters.receive(1, VISIBILITY_MS)[0];
    expect(newest?.receiveCount).toBe(2);
    expect(letters.remove(old)).toBeUndefined();
    expect(letters.remove(newest?.receipt ?? "")?.id).toBe("letter-0");
    expect(letters.size()).toBe(0);
  });

  it("are to be received again at once where they are released", () => {
    const letters = withLetters(1);
    letters.release(letters.receive(1, 0)[0]?.receipt ?? "");
    expect(letters.receive(1, 0)).toHaveLength(1);
  });
});
