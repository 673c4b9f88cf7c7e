import * as z from "zod";
import { DRILL_TAGS, type DrillScenario } from "../../domain/failover/deployed-drill.ts";
import { RetryableError, TerminalError } from "../../domain/fault.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Experiment, Experiments } from "../../ports/experiments.ts";
import { hostEnvironment } from "../host/environment.ts";
import type { HttpClient } from "../http/http-client.ts";
import { parseJson } from "../http/parse-json.ts";
import type { AwsSettings } from "./clients.ts";
import { signRequest } from "./thin/sign-request.ts";

/** The Region that is struck, whose service is asked, and the mode of the deployment. */
export type ExperimentsOptions = AwsSettings & {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly mode: string;
};

const TIMEOUT_MS = 5_000;
const PAGE = "100";
const PAGES_MAX = 5;
const RUNNING = new Set(["pending", "initiating", "running", "stopping"]);

const Tags = z.record(z.string(), z.string()).default({});
const Templates = z.object({
  experimentTemplates: z.array(z.object({ id: z.string(), tags: Tags })),
  nextToken: z.string().optional(),
});
const Started = z.object({ experiment: z.object({ id: z.string() }) });
const State = z.object({ status: z.string(), reason: z.string().optional() });
const Listed = z.object({
  experiments: z.array(z.object({ id: z.string(), state: State, tags: Tags })),
  nextToken: z.string().optional(),
});

/**
 * Faults by Fault Injection Service, by signed requests: of its client four operations are needed.
 */
export const createFaultExperiments = (options: ExperimentsOptions): Experiments => {
  const ask = createAsk(options);
  return {
    start: async (scenario, drillId) => {
      const experimentTemplateId = await findTemplate(ask, scenario, options.mode);
      const answer = await ask("POST", "/experiments", {
        // The service answers the same token with the same experiment.
        clientToken: drillId,
        experimentTemplateId,
        tags: { [DRILL_TAGS.scenario]: scenario, [DRILL_TAGS.drillId]: drillId },
      });
      return Started.parse(answer).experiment.id;
    },
    list: async () => {
      const found: Experiment[] = [];
      let token: string | undefined;
      for (let page = 0; page < PAGES_MAX; page++) {
        const { experiments, nextToken } = Listed.parse(
          await ask("GET", "/experiments", undefined, pageOf(token)),
        );
        found.push(...experiments.flatMap(toExperiment));
        token = nextToken;
        if (token === undefined) return found;
      }
      return found;
    },
    stop: async (id) => {
      await ask("DELETE", `/experiments/${encodeURIComponent(id)}`);
    },
  };
};

const toExperiment = ({
  id,
  state: { status, reason },
  tags,
}: z.infer<typeof Listed>["experiments"][number]): readonly Experiment[] => {
  const drillId = tags[DRILL_TAGS.drillId];
  if (drillId === undefined) return [];
  const said = reason === undefined ? status : `${status}: ${reason}`;
  return [
    {
      id,
      drillId,
      isRunning: RUNNING.has(status),
      isStopping: status === "stopping",
      status: said,
    },
  ];
};

type Ask = (
  method: "DELETE" | "GET" | "POST",
  path: string,
  body?: object,
  query?: Readonly<Record<string, string>>,
) => Promise<unknown>;

const pageOf = (token: string | undefined): Readonly<Record<string, string>> => ({
  maxResults: PAGE,
  ...(token === undefined ? {} : { nextToken: token }),
});

const findTemplate = async (ask: Ask, scenario: DrillScenario, mode: string): Promise<string> => {
  let token: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const { experimentTemplates, nextToken } = Templates.parse(
      await ask("GET", "/experimentTemplates", undefined, pageOf(token)),
    );
    const template = experimentTemplates.find(
      ({ tags }) => tags[DRILL_TAGS.scenario] === scenario && tags["mode"] === mode,
    );
    if (template !== undefined) return template.id;
    token = nextToken;
    if (token === undefined) break;
  }
  throw new TerminalError(`The other Region has no experiment for ${scenario} in mode ${mode}.`);
};

const createAsk =
  ({ http, clock, region, endpoint, credentials }: ExperimentsOptions): Ask =>
  async (method, path, body, query = {}) => {
    const url = new URL(path, endpoint ?? `https://fis.${region}.amazonaws.com`);
    url.search = new URLSearchParams(query).toString();
    const text = body === undefined ? "" : JSON.stringify(body);
    const headers = signRequest(
      {
        method,
        service: "fis",
        region,
        url,
        headers: body === undefined ? {} : { "content-type": "application/json" },
        body: text,
      },
      credentials ?? environmentCredentials(),
      clock.nowMs(),
    );
    const outcome = await http.send({
      method,
      url: url.href,
      headers,
      timeoutMs: TIMEOUT_MS,
      ...(body === undefined ? {} : { body: text }),
    });
    if (outcome.type !== "answer") {
      throw new RetryableError(`Fault Injection Service did not answer: ${outcome.type}.`);
    }
    const { status } = outcome;
    if (status >= 200 && status < 300) return readBody(outcome.body);
    const said = `Fault Injection Service answered ${status}.`;
    // An experiment that is over, or forgotten, cannot be stopped and need not be.
    if (method === "DELETE" && (status === 404 || status === 409)) return {};
    throw status === 429 || status >= 500 ? new RetryableError(said) : new TerminalError(said);
  };

const readBody = (text: string): unknown => {
  const parsed = parseJson(text);
  if (parsed.ok) return parsed.value;
  throw new RetryableError("Fault Injection Service answered with something that is no JSON.");
};

const environmentCredentials = () => {
  const environment = hostEnvironment();
  return {
    accessKeyId: environment["AWS_ACCESS_KEY_ID"] ?? "",
    secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "",
    sessionToken: environment["AWS_SESSION_TOKEN"],
  };
};
