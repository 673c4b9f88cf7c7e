import { describe, expect, it } from "vitest";
import type { Functions } from "../../../local/functions.ts";
import {
  createWorldEnvironment,
  WORLD_ENVIRONMENT,
} from "../../../local/world/world-environment.ts";
import type { MemoryMeasure } from "../../../shared/domain/healing/environment-watch.ts";
import { REMEDIES } from "../../../shared/use-cases/healing/remedies/allow-list.ts";
import { healWorld } from "../../use-cases/healing/heal-world.ts";

const MEBIBYTE = 1_048_576;

describe("the local world's one environment", () => {
  it("begins anew when it leaks and is told to, and lets go what the functions held", async () => {
    const { healing, telemetry, deps, time } = await healWorld();
    let begun = 0;
    let closed = 0;
    let memory: MemoryMeasure = {
      heldBytes: 1,
      residentBytes: 100 * MEBIBYTE,
      connections: 1,
    };
    const functions = createWorldEnvironment({
      build: (tend) => {
        begun += 1;
        const held: unknown[] = [];
        const closeCycle = async (event: unknown) => {
          held.push(event);
          await tend();
          return held.length;
        };
        // One function stands for all: they are built together.
        return { closeCycle } as unknown as Functions;
      },
      own: {
        bounds: {
          memoryBytes: 512 * MEBIBYTE,
          diskBytes: 512 * MEBIBYTE,
          filesMax: 1_000,
          connectionsMax: 256,
        },
        measureMemory: () => memory,
        measureDisk: async () => ({ bytes: 0, files: 0 }),
        cleanDisk: async () => 0,
      },
      healing,
      telemetry,
      clock: deps.clock,
      onRetire: () => {
        closed += 1;
      },
    });
    const call = async (): Promise<unknown> => functions.closeCycle({});
    for (let times = 1; times <= 3; times++) expect(await call()).toBe(times);
    memory = { ...memory, residentBytes: 500 * MEBIBYTE };
    for (let times = 4; times <= 6; times++) expect(await call()).toBe(times);
    expect(await healing.reports()).toMatchObject([
      { functionName: WORLD_ENVIRONMENT, isLeaking: true },
    ]);
    time.nowMs += 40_000;
    await REMEDIES.retireEnvironment.apply(WORLD_ENVIRONMENT, deps);
    expect([begun, closed]).toEqual([1, 0]);
    // The answer under way is the old one's; the next is a new one's.
    expect(await call()).toBe(7);
    expect(closed).toBe(1);
    expect(await call()).toBe(1);
    expect(begun).toBe(2);
    expect(await healing.reports()).toMatchObject([{ isLeaking: false }]);
  });
});
