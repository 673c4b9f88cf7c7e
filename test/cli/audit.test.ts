import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { reportAudit } from "../../bin/reports/audit.ts";
import { createHandler } from "../../lambdas/keep-audit/handler.ts";
import { createRoutes, type ServeApiDeps } from "../../lambdas/serve-api/routes.ts";
import { createLockedFiles } from "../../shared/adapters/host/locked-files.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import { createStoredAuditHeads } from "../../shared/adapters/stored/audit-heads.ts";
import { createStoredAuditRecords } from "../../shared/adapters/stored/audit-records.ts";
import { createStoredOrderSeals } from "../../shared/adapters/stored/order-seals.ts";
import { recordKey } from "../../shared/domain/audit/checkpoint.ts";
import { createLog } from "../../shared/runtime/log.ts";
import { createRecordAudit } from "../../shared/use-cases/audit/record-audit.ts";
import { openAccount } from "../use-cases/trading-account.ts";

const directory = mkdtempSync(join(tmpdir(), "holdfast-audit-cli-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const open = async () => {
  const account = await openAccount();
  const { settings } = account.deps;
  const auditing = {
    heads: createStoredAuditHeads(account.items),
    seals: createStoredOrderSeals(account.items),
    records: createStoredAuditRecords({
      account: settings.account,
      own: createLockedFiles(directory),
    }),
  };
  const deps = { ...account.deps, ...auditing, digest: sha256 };
  const counted: Record<string, number> = {};
  const runtime = {
    log: createLog("error", () => undefined),
    clock: deps.clock,
    metrics: {
      add: (name: string, _unit: string, value: number) => {
        counted[name] = (counted[name] ?? 0) + value;
      },
      flush: () => undefined,
    },
  };
  const keep = createHandler(deps, runtime);
  return {
    counted,
    record: (kind: "halt" | "drill") =>
      createRecordAudit(deps).record({ kind, actor: "ada", epoch: null, body: { kind } }),
    keep: () => keep({}, { awsRequestId: "1", getRemainingTimeInMillis: () => 10_000 }),
    routes: createRoutes({ ...deps, auditing } as unknown as ServeApiDeps),
  };
};

const Answer = z.object({ type: z.literal("Answer"), body: z.looseObject({}) });

const verifyFiles = async (isJson: boolean) => {
  let written = "";
  const code = await reportAudit(
    { arguments: ["verify"], options: { files: directory }, isJson },
    {
      write: (text) => {
        written += text;
      },
      writeError: () => undefined,
      isTerminal: false,
      environment: {},
      stopped: new AbortController().signal,
    },
  );
  return { code, written };
};

describe("the audit, as operators and auditors see it", () => {
  let world: Awaited<ReturnType<typeof open>>;
  const ask = async (route: string, query: Readonly<Record<string, string>> = {}) => {
    const answer = await world.routes[route]?.({ query, parameters: {} } as never);
    return Answer.parse(answer).body;
  };
  beforeAll(async () => {
    world = await open();
    await world.keep();
    for (const kind of ["halt", "drill", "halt"] as const) await world.record(kind);
    await world.keep();
  });

  it("is shown newest first, page by page", async () => {
    expect(await ask("GET /api/audit")).toMatchObject({
      headSequence: 4,
      records: [
        { sequence: 4 },
        { sequence: 3, kind: "drill" },
        { sequence: 2 },
        { kind: "state" },
      ],
    });
    expect(await ask("GET /api/audit", { before: "2" })).toMatchObject({
      records: [{ sequence: 1 }],
    });
  });

  it("is verified by the API from the beginning, or behind a record and its hash", async () => {
    const whole = await ask("GET /api/audit/verification");
    expect(whole).toMatchObject({ from: 1, isWhole: true, flaws: [], position: { sequence: 4 } });
    const behind = { from: "2", hash: "f".repeat(64) };
    expect(await ask("GET /api/audit/verification", behind)).toMatchObject({
      from: 3,
      flaws: [{ type: "unlinked", sequence: 3 }],
    });
  });

  it.each([
    ["GET /api/audit", { before: "last" }],
    ["GET /api/audit/verification", { from: "-1" }],
    ["GET /api/audit/verification", { from: "2", hash: "short" }],
  ])("%s refuses what is no record's number or hash", async (route, query) => {
    const answer = await world.routes[route]?.({ query, parameters: {} } as never);
    expect(answer).toMatchObject({ type: "Problem", status: 400 });
  });

  it("is verified from a copy of its files alone, with exit codes, and counted when it breaks", async () => {
    expect(await verifyFiles(false)).toMatchObject({
      code: 0,
      written: expect.stringMatching(/^Records 1 to 4 of main hold, and 1 checkpoint was/),
    });
    expect(world.counted["auditChainBroken"]).toBeUndefined();

    const path = join(directory, recordKey("main", 2));
    const text = readFileSync(path, "utf8");
    rmSync(path);
    writeFileSync(path, text.replace('"ada"', '"eve"'));
    const { code, written } = await verifyFiles(true);
    expect(code).toBe(1);
    expect(JSON.parse(written)).toMatchObject({
      isSound: false,
      flaws: [{ type: "changed", sequence: 2, sentence: expect.stringMatching(/^Record 2 was/) }],
    });
    // A new environment finds it with its first look.
    const fresh = await open();
    await fresh.record("halt");
    await fresh.keep();
    expect(fresh.counted["auditChainBroken"]).toBeGreaterThan(0);
  });

  it("refuses to verify a folder that holds nothing", async () => {
    const empty = reportAudit(
      { arguments: ["verify"], options: { files: join(directory, "none") }, isJson: false },
      {
        write: () => undefined,
        writeError: () => undefined,
        isTerminal: false,
        environment: {},
        stopped: new AbortController().signal,
      },
    );
    await expect(empty).rejects.toThrow("holds no folder audit");
  });
});
