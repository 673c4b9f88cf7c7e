import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEngine } from "../../../simulation/engine/engine.ts";
import { createEventHeap } from "../../../simulation/engine/event-heap.ts";

const NOTHING = (): void => undefined;

describe("the heap of events", () => {
  it("gives them back by moment, and within one moment in the order they were put", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), (moments) => {
        const heap = createEventHeap();
        for (const [sequence, atMs] of moments.entries())
          heap.put({ atMs, sequence, run: NOTHING });
        const taken = moments.map(() => heap.take());
        const expected = moments
          .map((atMs, sequence) => [atMs, sequence] as const)
          .toSorted((left, right) => left[0] - right[0] || left[1] - right[1]);
        expect(taken.map((event) => [event?.atMs, event?.sequence])).toEqual(expected);
        expect(heap.take()).toBeUndefined();
      }),
    );
  });
});

describe("virtual time", () => {
  it("runs what is put down for the past now, behind what is there already", async () => {
    const engine = createEngine(100, NOTHING);
    const order: string[] = [];
    engine.at(100, () => order.push("first"));
    engine.at(3, () => order.push(`late at ${engine.nowMs()}`));
    await engine.run(200);
    expect(order).toEqual(["first", "late at 100"]);
    expect(engine.nowMs()).toBe(200);
  });

  it("does not run what was cancelled, nor what lies behind the end", async () => {
    const engine = createEngine(0, NOTHING);
    const ran: number[] = [];
    engine.cancel(engine.at(5, () => ran.push(5)));
    engine.at(6, () => ran.push(6));
    engine.at(7, () => ran.push(7));
    await engine.run(6);
    expect(ran).toEqual([6]);
    expect(engine.events()).toBe(1);
  });

  it("lets everything that an event resumed run out before the next event", async () => {
    const engine = createEngine(0, NOTHING);
    const order: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const code = async (): Promise<void> => {
      await promise;
      for (let step = 0; step < 50; step++) await Promise.resolve();
      order.push("code");
    };
    const running = code();
    engine.at(1, () => {
      resolve();
      engine.wake();
    });
    engine.at(1, () => order.push("next event"));
    await engine.run(1);
    await running;
    expect(order).toEqual(["code", "next event"]);
  });

  it("looks at the world once after each event and all that it resumed", async () => {
    let looks = 0;
    const engine = createEngine(0, () => (looks += 1));
    engine.at(1, NOTHING);
    engine.at(2, () => engine.wake());
    await engine.run(10);
    expect(looks).toBe(2);
  });

  it("ends with what an event has thrown", async () => {
    const engine = createEngine(0, NOTHING);
    engine.at(1, () => {
      throw new Error("A bug of the world.");
    });
    await expect(engine.run(10)).rejects.toThrow("A bug of the world.");
  });
});
