import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, expect, it } from "vitest";
import { createS3Archive } from "../../../shared/adapters/aws/archive.ts";
import { createBucketArchive } from "../../../shared/adapters/aws/bucket-archive.ts";
import { createS3Client } from "../../../shared/adapters/aws/clients.ts";
import { createHostClock } from "../../../shared/adapters/host/clock.ts";
import { createHttpClient } from "../../../shared/adapters/http/http-client.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";
import { describeArchive } from "../../contracts/archive.ts";
import { startFauxqs } from "./fauxqs.ts";

const settings = await startFauxqs();
const client = createS3Client(settings);
const clock = createHostClock();
const http = createHttpClient({ clock }, { answerBytesMax: 20 * 1024 * 1024 });
afterAll(() => {
  client.destroy();
  http.close();
});
await client.send(new CreateBucketCommand({ Bucket: "archive" }));
await client.send(new CreateBucketCommand({ Bucket: "other" }));

const open = (bucket: string) => createBucketArchive({ ...settings, http, clock, bucket });

describeArchive("bucket of a bundle", async () => open("other"), { runs: 15 });

it("writes what the official client reads, whatever the key's signs and the body's letters", async () => {
  const archive = createS3Archive({ client, bucket: "archive" });
  const key = "corrupt/main/2026-01-15T143000.000Z-a=b_c.json";
  await open("archive").write(key, '{"text":"\u00e9 \ud83d\ude00"}');
  expect(await archive.read(key)).toBe('{"text":"\u00e9 \ud83d\ude00"}');
});

it("says so when nothing answers, and when the bucket is not there", async () => {
  const endpoint = "http://127.0.0.1:9";
  const away = createBucketArchive({ ...settings, endpoint, http, clock, bucket: "archive" });
  await expect(away.write("corrupt/x.json", "{}")).rejects.toThrow(RetryableError);
  await expect(away.read("corrupt/x.json")).rejects.toThrow(RetryableError);
  await expect(open("never").list("", 10)).rejects.toThrow(RetryableError);
});
