import { createHostClock } from "../../host/clock.ts";
import { hostEnvironment } from "../../host/environment.ts";
import { createHostRandom } from "../../host/random.ts";
import { createHttpClient, type HttpClient, type HttpOutcome } from "../../http/http-client.ts";
import { createBackOff } from "../back-off.ts";
import type { AwsSettings } from "../clients.ts";
import { type AwsCredentials, signRequest } from "./sign-request.ts";

/** BatchGetItem answers with at most 16 MB. */
const ANSWER_BYTES_MAX = 20 * 1024 * 1024;

/** Refusals by which a service asks to come back; all others stand. */
const THROTTLES = /Throttl|TooManyRequests|ProvisionedThroughputExceeded|RequestLimitExceeded/;

/** What the clients of `clients.ts` are configured with, as far as it matters here. */
export type ClientConfiguration = AwsSettings & {
  readonly maxAttempts: number;
  readonly requestHandler: { readonly connectionTimeout: number; readonly requestTimeout: number };
};

/** One operation's request, as a service's protocol writes it. */
type WireRequest = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** How a service is spoken to. */
export type ServiceProtocol = {
  /** The service's name in hosts and signatures. */
  readonly service: string;
  readonly write: (operation: string, input: object) => WireRequest;
  readonly read: (body: string) => object;
  /** The error that a refusal of this status and body becomes. */
  readonly readError: (status: number, body: string) => Error;
};

/** A command of any service: its operation is the class's own. */
export type ServiceCommand = { readonly operation: string; readonly input: object };

/**
 * A client with the few abilities that Holdfast asks of an AWS SDK client, in a fiftieth of its
 * size: signs, sends over kept connections, and tries once more what may pass.
 */
export class ServiceClient {
  readonly #configuration: ClientConfiguration;
  readonly #protocol: ServiceProtocol;
  readonly #http: HttpClient;
  readonly #clock = createHostClock();
  readonly #backOff = createBackOff(createHostRandom());

  constructor(configuration: ClientConfiguration, protocol: ServiceProtocol) {
    this.#configuration = configuration;
    this.#protocol = protocol;
    const connectTimeoutMs = configuration.requestHandler.connectionTimeout;
    const policy = { connectTimeoutMs, answerBytesMax: ANSWER_BYTES_MAX };
    this.#http = createHttpClient({ clock: this.#clock }, policy);
  }

  /** Sends a command and returns its output; throws what the SDK would by name. */
  async send(command: ServiceCommand): Promise<object> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#exchange(command);
      if (outcome.type === "answer" && outcome.status < 300) {
        return this.#protocol.read(outcome.body);
      }
      const error = this.#errorOf(outcome);
      const mayPass = outcome.type !== "answer" || outcome.status >= 500;
      const isThrottled = THROTTLES.test(error.name);
      if (attempt >= this.#configuration.maxAttempts || !(mayPass || isThrottled)) throw error;
      await this.#backOff(attempt);
    }
  }

  /** Closes every connection. */
  destroy(): void {
    this.#http.close();
  }

  #exchange({ operation, input }: ServiceCommand): Promise<HttpOutcome> {
    const { region, endpoint, requestHandler } = this.#configuration;
    const { service, write } = this.#protocol;
    const url = new URL(endpoint ?? `https://${service}.${region}.amazonaws.com`);
    const { headers, body } = write(operation, input);
    const credentials = this.#configuration.credentials ?? environmentCredentials();
    const nowMs = this.#clock.nowMs();
    return this.#http.send({
      method: "POST",
      url: url.href,
      headers: signRequest({ service, region, url, headers, body }, credentials, nowMs),
      body,
      timeoutMs: requestHandler.requestTimeout,
    });
  }

  #errorOf(outcome: HttpOutcome): Error {
    return outcome.type === "answer"
      ? this.#protocol.readError(outcome.status, outcome.body)
      : namedError(outcome.type === "timeout" ? "TimeoutError" : "ConnectionError");
  }
}

/** A class of commands, as the SDK has one for each operation. */
export const commandOf = (operation: string) =>
  class implements ServiceCommand {
    readonly operation = operation;
    readonly input: object;

    constructor(input: object) {
      this.input = input;
    }
  };

/** An error that says by its name alone what went wrong. */
export const namedError = (name: string): Error => {
  const error = new Error(`The service answered ${name}.`);
  error.name = name;
  return error;
};

const environmentCredentials = (): AwsCredentials => {
  const environment = hostEnvironment();
  return {
    accessKeyId: environment["AWS_ACCESS_KEY_ID"] ?? "",
    secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "",
    sessionToken: environment["AWS_SESSION_TOKEN"],
  };
};
