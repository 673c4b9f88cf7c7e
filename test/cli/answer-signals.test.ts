import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAnswerToSignals } from "../../bin/answer-signals.ts";

/** What came of signals at these times, in the order in which it came. */
const answersTo = (times: readonly number[]): readonly string[] => {
  const done: string[] = [];
  let nowMs = 0;
  const answer = createAnswerToSignals<string>({
    clock: { monotonicMs: () => nowMs },
    stop: () => void done.push("stopped"),
    endAtOnce: (signal) => void done.push(`ended by ${signal}`),
  });
  for (const [index, atMs] of times.entries()) {
    nowMs = atMs;
    answer(index % 2 === 0 ? "SIGINT" : "SIGTERM");
  }
  return done;
};

const time = fc.double({ min: 0, max: 1e9, noNaN: true });

describe("signals that ask to end", () => {
  it("stop once, and end at once only what was asked again a second later", () => {
    fc.assert(
      fc.property(fc.array(time, { minLength: 1 }), (unsorted) => {
        const times = unsorted.toSorted((left, right) => left - right);
        const [first = 0] = times;
        const [stopped, ...ended] = answersTo(times);
        expect(stopped).toBe("stopped");
        expect(ended).toHaveLength(times.filter((atMs) => atMs - first >= 1_000).length);
      }),
    );
  });

  it("are one wish where a time-out sends them to the process and to its group", () => {
    expect(answersTo([5_000, 5_000.02])).toEqual(["stopped"]);
  });

  it("end at once, by the signal's own way, whoever asks again later", () => {
    expect(answersTo([5_000, 5_000.02, 6_500])).toEqual(["stopped", "ended by SIGINT"]);
  });
});
