import { describe, expect, it } from "vitest";
import { createTicksAreKept } from "../../../simulation/invariants/ticks-are-kept.ts";
import { bufferPrefixOf } from "../../../shared/use-cases/tick-buffer.ts";
import { by, createStage, judge } from "./stage.ts";

const actor = by("redrive-dead-letters");
const key = `${bufferPrefixOf("us-east-1")}000001773149400000-0-1773149401000.jsonl`;

describe("no tick is lost", () => {
  it("is broken by what is removed from the buffer and was not stored before", () => {
    const removed = { type: "unarchived", actor, key } as const;
    const stored = { type: "ticksStored", actor, key } as const;
    expect(judge(createTicksAreKept(), createStage(), [removed])).toHaveLength(1);
    expect(judge(createTicksAreKept(), createStage(), [stored, removed])).toEqual([]);
  });

  it("says nothing of other documents", () => {
    const other = { type: "unarchived", actor, key: "market-data/1.json" } as const;
    expect(judge(createTicksAreKept(), createStage(), [other])).toEqual([]);
  });
});
