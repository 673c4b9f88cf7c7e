import { describe, expect, it } from "vitest";
import { createRandomStreams } from "../../../simulation/engine/random-streams.ts";
import { createTraceHash } from "../../../simulation/engine/trace-hash.ts";

const draw = (seed: number, stream: string, name: string): number =>
  createRandomStreams(seed).stream(stream).draw(name);

const read = (...texts: readonly string[]): string => {
  const hash = createTraceHash();
  for (const text of texts) hash.add(text);
  return hash.read();
};

describe("streams of chance", () => {
  it("give the same seed the same numbers, and another seed or name others", () => {
    expect(draw(7, "market", "price")).toBe(draw(7, "market", "price"));
    const others = [
      draw(8, "market", "price"),
      draw(7, "days", "price"),
      draw(7, "market", "size"),
    ];
    expect(others).not.toContain(draw(7, "market", "price"));
  });

  it("move no draw by a draw of another name", () => {
    const plain = createRandomStreams(1).stream("plan");
    const crowded = createRandomStreams(1).stream("plan");
    for (let count = 0; count < 5; count++) crowded.draw("something new");
    expect(crowded.draw("old")).toBe(plain.draw("old"));
  });

  it("draw whole numbers from the least to the most, both included", () => {
    const stream = createRandomStreams(3).stream("dice");
    const seen = new Set<number>();
    for (let count = 0; count < 200; count++) seen.add(stream.drawInteger("die", 1, 6));
    expect(seen).toEqual(new Set([1, 2, 3, 4, 5, 6]));
  });
});

describe("the hash of a trace", () => {
  it("tells the order of texts, and where one ends", () => {
    expect(read("a", "b")).toBe(read("a", "b"));
    const all = [read("a", "b"), read("b", "a"), read("ab"), read("ab", ""), read("")];
    expect(new Set(all).size).toBe(all.length);
  });
});
