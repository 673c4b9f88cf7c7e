import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMemoryAlerts } from "../../shared/adapters/memory/alerts.ts";
import { createMemoryArchive } from "../../shared/adapters/memory/archive.ts";
import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import { createStoredTickStore } from "../../shared/adapters/stored/tick-store.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import type { TickBatch } from "../../shared/ports/tick-store.ts";
import { readTickLine } from "../../shared/runtime/messages/tick-line.ts";
import { createRecordTicks } from "../../shared/use-cases/record-ticks.ts";
import { createRecoverTicks } from "../../shared/use-cases/recover-ticks.ts";
import { NOW_MS, quoteOf, REGION } from "../fixtures/orders.ts";
import { createManualClock } from "../contracts/manual-clock.ts";

const MINUTE_MS = 60_000;
const TIME = { remainingMs: () => 20_000 };

const batchOf = (minute: number): TickBatch => {
  const slotMs = NOW_MS + minute * MINUTE_MS;
  return {
    shard: 0,
    slotMs,
    takenAtMs: slotMs + 700,
    quotes: [quoteOf("99.99", "100.01", slotMs)],
  };
};

/** A recorder whose store and archive can be taken away, or die after their effect. */
const openTape = () => {
  const clock = createManualClock(NOW_MS);
  const items = createMemoryItemStore();
  const stored = createStoredTickStore(items, { region: REGION });
  const telemetry = createStoredTelemetry(items, { region: REGION });
  const memory = createMemoryArchive();
  const alerts = createMemoryAlerts();
  const down = { store: false, archive: false };
  let losesAnswer = false;
  const guarded = async <Value>(isDown: boolean, call: () => Promise<Value>): Promise<Value> => {
    if (isDown) throw new RetryableError("It does not answer.");
    const answer = await call();
    if (losesAnswer) throw new RetryableError("The answer was lost.");
    return answer;
  };
  const ticks = {
    ...stored,
    append: (batch: TickBatch) => guarded(down.store, () => stored.append(batch)),
  };
  const archive = {
    ...memory,
    write: (key: string, body: string) => guarded(down.archive, () => memory.write(key, body)),
    remove: (key: string) => guarded(down.archive, () => memory.remove(key)),
  };
  const recorder = createRecordTicks({ ticks, archive, region: REGION });
  const recover = createRecoverTicks({
    ticks,
    archive,
    telemetry,
    alerts,
    clock,
    settings: { mode: "sim", region: REGION },
    readTick: readTickLine,
  });
  return {
    recorder,
    recover,
    telemetry,
    memory,
    alerts,
    down,
    loseAnswers: (isLosing: boolean) => {
      losesAnswer = isLosing;
    },
    slots: async () =>
      (await stored.load(0, 0, 1_000)).map(({ slotMs }) => (slotMs - NOW_MS) / MINUTE_MS),
    load: () => stored.load(0, 0, 1_000),
  };
};

describe("what polls bring", () => {
  it("is on the tape once and in order when the stores are back, whatever failed meanwhile", async () => {
    const weather = fc.array(
      fc.record({
        store: fc.boolean(),
        archive: fc.boolean(),
        isAnswerLost: fc.boolean(),
        recovers: fc.boolean(),
      }),
      { minLength: 1, maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(weather, async (minutes) => {
        const tape = openTape();
        const polled: number[] = [];
        for (const [minute, { store, archive, isAnswerLost, recovers }] of minutes.entries()) {
          Object.assign(tape.down, { store, archive });
          tape.loseAnswers(isAnswerLost);
          if (await tape.recorder.hasRoom()) {
            polled.push(minute);
            await tape.recorder.record(batchOf(minute));
          }
          if (recovers) await tape.recover(TIME).catch(() => undefined);
        }
        Object.assign(tape.down, { store: false, archive: false });
        tape.loseAnswers(false);
        await tape.recorder.record(batchOf(minutes.length));
        await tape.recover(TIME);
        expect(await tape.slots()).toEqual([...polled, minutes.length]);
        expect(await tape.memory.list("buffer/", 10)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("is buffered as JSONL while the store is down, and comes back with its prices", async () => {
    const tape = openTape();
    tape.down.store = true;
    expect(await tape.recorder.record(batchOf(0))).toBe("buffered");
    tape.down.store = false;
    expect(await tape.recover(TIME)).toEqual({ polls: 1, quotes: 1, damaged: 0, isMore: false });
    expect(await tape.load()).toEqual([batchOf(0)]);
    expect(await tape.telemetry.loadQuotes(0)).toEqual(batchOf(0).quotes);
    expect(tape.alerts.published()).toMatchObject([{ severity: "info", component: "ticks" }]);
  });

  it("makes polling wait when there is no place, and nothing is dropped for the next", async () => {
    const tape = openTape();
    Object.assign(tape.down, { store: true, archive: true });
    let minute = 0;
    while (await tape.recorder.hasRoom()) {
      expect(await tape.recorder.record(batchOf(minute))).toBe("held");
      minute += 1;
    }
    expect(minute).toBe(10);
    tape.down.archive = false;
    expect(await tape.recorder.hasRoom()).toBe(true);
    tape.down.store = false;
    await tape.recover(TIME);
    expect(await tape.slots()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("that is damaged in the buffer is kept aside and counted, and harms no other line", async () => {
    const tape = openTape();
    tape.down.store = true;
    await tape.recorder.record(batchOf(0));
    const [key = ""] = await tape.memory.list("buffer/", 1);
    await tape.memory.write(key, `{"shard":0\n${await tape.memory.read(key)}{"quote":1}\n`);
    tape.down.store = false;
    expect(await tape.recover(TIME)).toMatchObject({ quotes: 1, damaged: 2 });
    const [aside = ""] = await tape.memory.list("dead-letters/quarantined/ticks/", 1);
    expect(await tape.memory.read(aside)).toBe('{"shard":0\n{"quote":1}');
    expect(tape.alerts.published()).toMatchObject([{ severity: "error" }]);
  });

  it("never puts an older price in place of a newer one that was stored meanwhile", async () => {
    const tape = openTape();
    tape.down.store = true;
    await tape.recorder.record(batchOf(0));
    tape.down.store = false;
    const newer = batchOf(5).quotes;
    await tape.telemetry.recordQuotes(0, newer);
    await tape.recover(TIME);
    expect(await tape.telemetry.loadQuotes(0)).toEqual(newer);
  });
});
