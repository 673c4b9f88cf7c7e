import { describe, expect, it } from "vitest";
import { createMemoryArchive } from "../../../shared/adapters/memory/archive.ts";
import { createStoredFailoverReports } from "../../../shared/adapters/stored/failover-reports.ts";
import { totalsOf, type FailoverReport } from "../../../shared/domain/failover/failover-report.ts";

const reportAt = (endedAtMs: number): FailoverReport => ({
  what: "failover",
  mode: "sim",
  place: "local",
  startedAtMs: endedAtMs - 1,
  endedAtMs,
  seed: 1,
  speed: 20,
  repeated: [],
  rows: [],
  totals: totalsOf([]),
  ok: false,
});

describe("the reports of drills", () => {
  it("come back newest first, as they were kept, and no more than were asked for", async () => {
    const reports = createStoredFailoverReports(createMemoryArchive());
    for (const atMs of [1_000, 1_700_000_000_000, 1_800_000_000_000]) {
      await reports.keep(reportAt(atMs));
    }
    expect(await reports.list(2)).toEqual([
      reportAt(1_800_000_000_000),
      reportAt(1_700_000_000_000),
    ]);
  });

  it("are left out where they cannot be read", async () => {
    const archive = createMemoryArchive();
    const reports = createStoredFailoverReports(archive);
    await reports.keep(reportAt(1_000));
    await archive.write("drills/reports/0-failover.json", "{");
    await archive.write("drills/reports/1-failover.json", '{"what":"failover"}');
    expect(await reports.list(10)).toEqual([reportAt(1_000)]);
  });

  it("add up their rows, and know no longest time where one never came", () => {
    expect(totalsOf([])).toMatchObject({ failovers: 0, secondsToFence: 0 });
  });
});
