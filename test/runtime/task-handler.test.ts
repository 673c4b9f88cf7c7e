import { describe, expect, it } from "vitest";
import * as z from "zod";
import { EpochConflict, RetryableError } from "../../shared/domain/fault.ts";
import { silentLog } from "../../shared/runtime/log.ts";
import { createTaskHandler } from "../../shared/runtime/task-handler.ts";

const CONTEXT = { awsRequestId: "request", getRemainingTimeInMillis: () => 1_000 };

const run = async (handle: () => Promise<Readonly<Record<string, number>>>) => {
  const counted: [string, number][] = [];
  const handler = createTaskHandler(
    {
      name: "task",
      input: z.unknown(),
      handle,
      describe: () => ({}),
      measure: (answer) => answer,
    },
    {
      log: silentLog,
      metrics: {
        add: (name, unit, value) => {
          if (unit === "Count") counted.push([name, value]);
        },
        flush: () => undefined,
      },
      clock: { monotonicMs: () => 0 },
    },
  );
  await handler({}, CONTEXT).catch(() => undefined);
  return counted;
};

describe("a task", () => {
  it("counts what its answer says, by the metric's name", async () => {
    expect(await run(async () => ({ orphanOrder: 2 }))).toEqual([
      ["orphanOrder", 2],
      ["success", 1],
    ]);
  });

  it("counts a write that another Region's takeover refused, and no other fault, as a conflict", async () => {
    const conflict = await run(() => Promise.reject(new EpochConflict("Taken over.")));
    expect(conflict).toEqual([
      ["fault", 1],
      ["epochConflict", 1],
    ]);
    const other = await run(() => Promise.reject(new RetryableError("Down.")));
    expect(other).toEqual([["fault", 1]]);
  });
});
