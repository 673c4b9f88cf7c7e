import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openBackupPlace } from "../../bin/reports/backup-place.ts";
import { createS3Client } from "../../shared/adapters/aws/clients.ts";
import { createMemoryRestoreTarget } from "../../shared/adapters/backup/recorded-items.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import { recordKey } from "../../shared/domain/audit/checkpoint.ts";
import { CHAIN_START, linkRecord, recordText } from "../../shared/domain/audit/audit-record.ts";
import { EPOCH_LEAP } from "../../shared/domain/backup/restored-cell.ts";
import { createRestoreLedger } from "../../shared/use-cases/restore-ledger.ts";
import { startFauxqs } from "../adapters/aws/fauxqs.ts";
import { REGION } from "../fixtures/orders.ts";
import { FAR_MS, must, openBackedUp } from "../use-cases/backed-up-account.ts";

const settings = await startFauxqs();
const client = createS3Client(settings);
const environment = { AWS_ACCESS_KEY_ID: "test", AWS_ENDPOINT_URL_S3: settings.endpoint };

const put = async (Bucket: string, Key: string, Body: Uint8Array | string): Promise<void> => {
  await client.send(new PutObjectCommand({ Bucket, Key, Body }));
};

/** A record of an account that was taken over again and again since its backup. */
const record = (epoch: number) => {
  const entry = { kind: "takeover", actor: "keep-lease", epoch, body: {} } as const;
  const place = { account: "main", region: REGION, atMs: 1 };
  return must(linkRecord(CHAIN_START, entry, place, sha256));
};

const commit = (): void => undefined;

const placeOf = (options: Record<string, string | boolean>) =>
  openBackupPlace({ arguments: [], options, isJson: true }, { environment } as never);

const restore = async (options: Record<string, string | boolean>, epochFloor: number) => {
  const place = placeOf({ region: settings.region, ...options });
  try {
    const target = createMemoryRestoreTarget({ name: "memory", isTrusted: false, commit });
    const auditRecords = place.auditRecordsOf("main");
    const { backups } = place;
    const deps = { backups, target, account: "main", region: REGION, digest: sha256 };
    const wish = { atMs: FAR_MS, epochFloor, accepted: {} };
    return must(await createRestoreLedger({ ...deps, auditRecords })(wish));
  } finally {
    place.close();
  }
};

describe("the backups of a deployment, as the CLI reads them", () => {
  beforeAll(async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
    const world = await openBackedUp();
    await world.backUp();
    for (const Bucket of ["locked", "copies", "blank", "second"])
      await client.send(new CreateBucketCommand({ Bucket }));
    for (const key of await world.files.list("exports/", 100)) {
      for (const bucket of ["locked", "blank"]) {
        await put(bucket, key, (await world.files.read(key)) ?? "");
      }
    }
    await put("locked", recordKey("main", 1), recordText(record(41)));
    await put("copies", recordKey("main", 1), recordText(record(41)));
    await put("second", recordKey("main", 1), recordText(record(41)));
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    client.destroy();
  });

  it("begin above every epoch that the locked audit tells of, without being told", async () => {
    const audit = { sequence: 1, left: 0 };
    const beyond = { epoch: 41 + EPOCH_LEAP, audit };
    expect(await restore({ bucket: "locked" }, 0)).toMatchObject(beyond);
    expect(await restore({ bucket: "locked", copies: "copies" }, 0)).toMatchObject(beyond);
  });

  it("take the other Region's copies where a bucket lost its own", async () => {
    const beyond = { epoch: 41 + EPOCH_LEAP };
    expect(await restore({ bucket: "blank", copies: "copies" }, 0)).toMatchObject(beyond);
    expect(await restore({ bucket: "blank" }, 0)).toMatchObject({ epoch: 1 + EPOCH_LEAP });
  });

  it("take what only the other Region has locked, in its own bucket", async () => {
    const there = { second: settings.region, secondBucket: "second" };
    const beyond = { epoch: 41 + EPOCH_LEAP };
    expect(await restore({ bucket: "blank", ...there }, 0)).toMatchObject(beyond);
    expect(() => placeOf({ bucket: "blank", secondBucket: "second" })).toThrow("--second-bucket");
    const nowhere = { bucket: "blank", second: settings.region, adopt: true } as const;
    expect(() => placeOf(nowhere)).toThrow("--adopt with --second needs --second-bucket");
    expect(await restore({ ...nowhere, secondBucket: "none" }, 0)).toMatchObject({
      epoch: 1 + EPOCH_LEAP,
    });
  });

  it("can be told of a higher epoch, and never of a lower one", async () => {
    expect(await restore({ bucket: "locked" }, 50)).toMatchObject({ epoch: 50 + EPOCH_LEAP });
    expect(await restore({ bucket: "locked" }, 3)).toMatchObject({ epoch: 41 + EPOCH_LEAP });
  });
});
