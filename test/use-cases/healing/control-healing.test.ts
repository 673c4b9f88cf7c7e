import { describe, expect, it } from "vitest";
import { err, ok } from "../../../shared/domain/result.ts";
import type { AuditEntry, AuditRecord } from "../../../shared/domain/audit/audit-record.ts";
import {
  createControlHealing,
  type ControlHealingDeps,
} from "../../../shared/use-cases/healing/control-healing.ts";
import { healWorld } from "./heal-world.ts";

/** A world whose flow was refetched in vain five times within ten minutes. */
const stoppedWorld = async () => {
  const world = await healWorld();
  await world.proveAll();
  for (let round = 0; round < 5; round++) {
    world.time.nowMs += 70_000;
    await world.prove("flow", { succeeded: false });
    const { treatment } = await world.run.diagnose();
    if (treatment.type !== "apply") throw new Error("There is a remedy.");
    await world.run.verify(await world.run.apply(treatment), true);
  }
  world.time.nowMs += 70_000;
  world.alerts.splice(0);
  return world;
};

const controlOf = (
  { deps, settings }: Awaited<ReturnType<typeof healWorld>>,
  change: Partial<ControlHealingDeps> = {},
) => createControlHealing({ ...deps, settings, ...change });

const NOBODY_KNOWS = { type: "NotRecorded", detail: "The head is not known." } as const;

describe("a person's word to healing", () => {
  it("lets a stopped remedy be used again, on record, and says so to people", async () => {
    const world = await stoppedWorld();
    await world.prove("flow", { succeeded: false });
    expect((await world.run.diagnose()).treatment.type).toBe("escalate");
    const entries: AuditEntry[] = [];
    const record = async (entry: AuditEntry) => {
      entries.push(entry);
      return ok({} as AuditRecord);
    };
    const control = controlOf(world, { audit: { record } });
    expect(await control.resume({ remedy: "refetchFlow", by: "alice" })).toMatchObject({
      ok: true,
      value: { remedy: "refetchFlow" },
    });
    expect(entries).toMatchObject([{ kind: "remedy", actor: "alice" }]);
    expect(world.alerts.map(({ action }) => action)).toEqual(["trigger", "resolve"]);
    world.time.nowMs += 25 * 60_000;
    await world.proveAll();
    world.time.nowMs += 1_000;
    await world.prove("flow", { succeeded: false });
    expect((await world.run.diagnose()).treatment).toMatchObject({
      type: "apply",
      remedy: "refetchFlow",
    });
  });

  it("changes nothing that is not stopped, nor anything that cannot be recorded", async () => {
    const world = await stoppedWorld();
    const control = controlOf(world, { audit: { record: async () => err(NOBODY_KNOWS) } });
    const before = await world.healing.list(100);
    for (const remedy of ["cleanDisk", "refetchFlow"] as const) {
      expect(await control.resume({ remedy, by: "alice" })).toMatchObject({
        ok: false,
        error: { type: "Refused" },
      });
    }
    expect(await world.healing.list(100)).toEqual(before);
  });

  it("starts a look, and is refused where nothing heals", async () => {
    const world = await healWorld();
    const started: string[] = [];
    const start = async (name: string): Promise<void> => void started.push(name);
    const answer = await controlOf(world, { healRuns: { start } }).start("alice");
    expect(answer).toMatchObject({ ok: true, value: { run: started[0] } });
    expect(started[0]).toMatch(/^[\w-]{1,80}$/);
    expect(await controlOf(world).start("alice")).toMatchObject({ ok: false });
  });
});
