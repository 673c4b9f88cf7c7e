import { createChaosFlow } from "../../adapters/chaos/chaos-vendors.ts";
import { createHostClock } from "../../adapters/host/clock.ts";
import { createHttpClient } from "../../adapters/http/http-client.ts";
import { createUnusualWhalesFlow } from "../../adapters/unusual-whales/flow.ts";
import type { Flow } from "../../ports/flow.ts";
import { underChaos, type ChaosEnvironment } from "./chaos.ts";
import { FlowSecret, readSecret } from "./read-secret.ts";
import { withoutSlash } from "./without-slash.ts";

/** The flow vendor, with the token of its secret. */
export const connectFlow = async (
  environment: ChaosEnvironment & { readonly FLOW_SECRET_ARN: string; readonly FLOW_URL: string },
): Promise<Flow> => {
  const { HOLDFAST_REGION: region, FLOW_SECRET_ARN: arn } = environment;
  const { token } = await readSecret({ region, arn, name: "flow" }, FlowSecret);
  const clock = createHostClock();
  const http = createHttpClient({ clock });
  const flow = createUnusualWhalesFlow({
    http,
    clock,
    token,
    baseUrl: withoutSlash(environment.FLOW_URL),
  });
  return underChaos(flow, environment, createChaosFlow);
};
