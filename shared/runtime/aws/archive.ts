import { createBucketWriter } from "../../adapters/aws/bucket-writer.ts";
import { createHostClock } from "../../adapters/host/clock.ts";
import { createHttpClient } from "../../adapters/http/http-client.ts";
import type { Archive } from "../../ports/archive.ts";

/** The Region's archive, as far as a function that only keeps things aside needs it. */
export const connectArchive = (environment: {
  readonly HOLDFAST_REGION: string;
  readonly ARCHIVE_BUCKET: string;
}): Pick<Archive, "write"> => {
  const clock = createHostClock();
  const { HOLDFAST_REGION: region, ARCHIVE_BUCKET: bucket } = environment;
  return createBucketWriter({ http: createHttpClient({ clock }), clock, region, bucket });
};
