import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, expect, it } from "vitest";
import { createS3Archive } from "../../../shared/adapters/aws/archive.ts";
import { createBucketWriter } from "../../../shared/adapters/aws/bucket-writer.ts";
import { createS3Client } from "../../../shared/adapters/aws/clients.ts";
import { createHostClock } from "../../../shared/adapters/host/clock.ts";
import { createHttpClient } from "../../../shared/adapters/http/http-client.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";
import { startFauxqs } from "./fauxqs.ts";

const settings = await startFauxqs();
const client = createS3Client(settings);
const clock = createHostClock();
const http = createHttpClient({ clock });
afterAll(() => {
  client.destroy();
  http.close();
});
await client.send(new CreateBucketCommand({ Bucket: "archive" }));

it("writes what the archive reads, whatever the key's signs and the body's letters", async () => {
  const writer = createBucketWriter({ ...settings, http, clock, bucket: "archive" });
  const archive = createS3Archive({ client, bucket: "archive" });
  const key = "corrupt/main/2026-01-15T143000.000Z-a=b_c.json";
  await writer.write(key, '{"text":"\u00e9 \ud83d\ude00"}');
  expect(await archive.read(key)).toBe('{"text":"\u00e9 \ud83d\ude00"}');
});

it("says so when nothing was kept", async () => {
  const endpoint = "http://127.0.0.1:9";
  const writer = createBucketWriter({ ...settings, endpoint, http, clock, bucket: "archive" });
  await expect(writer.write("corrupt/x.json", "{}")).rejects.toThrow(RetryableError);
});
