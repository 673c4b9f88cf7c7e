import { createHash } from "node:crypto";
import { RetryableError } from "../../domain/fault.ts";
import type { Archive } from "../../ports/archive.ts";
import type { Clock } from "../../ports/clock.ts";
import { hostEnvironment } from "../host/environment.ts";
import type { HttpClient } from "../http/http-client.ts";
import { checkArchiveKey } from "../stored/archive-key.ts";
import type { AwsSettings } from "./clients.ts";
import { type AwsCredentials, signRequest } from "./thin/sign-request.ts";

const TIMEOUT_MS = 5_000;
const ATTEMPTS_MAX = 2;

/**
 * The writing side of an archive in an S3 bucket, for functions that only keep things aside: one
 * signed PUT, in place of a client that would be larger than the function. S3 compares the body
 * with its checksum. Throws `RetryableError`.
 */
export const createBucketWriter = ({
  http,
  clock,
  bucket,
  ...settings
}: AwsSettings & {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly bucket: string;
}): Pick<Archive, "write"> => ({
  write: async (key, body) => {
    checkArchiveKey(key);
    const { region, endpoint } = settings;
    const path = key.split("/").map(encodeURIComponent).join("/");
    const url = new URL(
      endpoint === undefined
        ? `https://${bucket}.s3.${region}.amazonaws.com/${path}`
        : `${endpoint}/${bucket}/${path}`,
    );
    const unsigned = {
      "content-type": "application/json",
      "x-amz-content-sha256": createHash("sha256").update(body).digest("hex"),
      "x-amz-checksum-sha256": createHash("sha256").update(body).digest("base64"),
    };
    const credentials = settings.credentials ?? environmentCredentials();
    let last = "";
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const headers = signRequest(
        { method: "PUT", service: "s3", region, url, headers: unsigned, body },
        credentials,
        clock.nowMs(),
      );
      const timeoutMs = TIMEOUT_MS;
      const answer = await http.send({ method: "PUT", url: url.href, headers, body, timeoutMs });
      if (answer.type === "answer" && answer.status === 200) return;
      last = answer.type === "answer" ? `status ${answer.status}` : answer.type;
    }
    throw new RetryableError(`The bucket did not take what was to be kept aside: ${last}.`);
  },
});

const environmentCredentials = (): AwsCredentials => {
  const environment = hostEnvironment();
  return {
    accessKeyId: environment["AWS_ACCESS_KEY_ID"] ?? "",
    secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "",
    sessionToken: environment["AWS_SESSION_TOKEN"],
  };
};
