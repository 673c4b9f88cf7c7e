import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll } from "vitest";
import { createS3Archive } from "../../../shared/adapters/aws/archive.ts";
import { createS3Client } from "../../../shared/adapters/aws/clients.ts";
import { describeArchive } from "../../contracts/archive.ts";
import { startFauxqs } from "./fauxqs.ts";

const client = createS3Client(await startFauxqs());
afterAll(() => client.destroy());
await client.send(new CreateBucketCommand({ Bucket: "archive" }));

describeArchive("S3 archive", async () => createS3Archive({ client, bucket: "archive" }), {
  runs: 25,
});
