import { createBucketArchive } from "../../adapters/aws/bucket-archive.ts";
import { createHostClock } from "../../adapters/host/clock.ts";
import { createHttpClient } from "../../adapters/http/http-client.ts";
import type { Archive } from "../../ports/archive.ts";

/** No body that a queue refers to is larger. */
const ANSWER_BYTES_MAX = 20 * 1024 * 1024;

/** The Region's archive; what a function may do with it, its role says. */
export const connectArchive = (environment: {
  readonly HOLDFAST_REGION: string;
  readonly ARCHIVE_BUCKET: string;
}): Archive => {
  const clock = createHostClock();
  const { HOLDFAST_REGION: region, ARCHIVE_BUCKET: bucket } = environment;
  const http = createHttpClient({ clock }, { answerBytesMax: ANSWER_BYTES_MAX });
  return createBucketArchive({ http, clock, region, bucket });
};
