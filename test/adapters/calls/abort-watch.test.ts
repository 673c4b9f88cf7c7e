import { expect, it } from "vitest";
import { createAbortWatch } from "../../../shared/adapters/calls/abort-watch.ts";

it("calls back everyone who still waits, once, with one listener a signal", () => {
  const caller = new AbortController();
  let listeners = 0;
  const { signal } = caller;
  const add = signal.addEventListener.bind(signal);
  signal.addEventListener = (type: string, act: () => void) => {
    listeners += 1;
    add(type, act);
  };
  const watch = createAbortWatch();
  const called: number[] = [];
  const callsOff = [0, 1, 2].map((index) => watch.watch(signal, () => called.push(index)));
  callsOff[1]?.();
  caller.abort();
  expect([called, listeners]).toEqual([[0, 2], 1]);
});
