import { buildApp } from "fauxqs";
import { afterAll } from "vitest";
import type { AwsSettings } from "../../../shared/adapters/aws/clients.ts";

/** Starts SQS, SNS and S3 within this process until the test file is over. */
export const startFauxqs = async (): Promise<AwsSettings> => {
  const app = buildApp({ logger: false });
  const endpoint = await app.listen({ host: "127.0.0.1", port: 0 });
  afterAll(() => app.close());
  return {
    region: "us-east-1",
    endpoint,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
};
