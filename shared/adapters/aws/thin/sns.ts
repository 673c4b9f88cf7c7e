import {
  type ClientConfiguration,
  commandOf,
  namedError,
  ServiceClient,
  type ServiceProtocol,
} from "./service-client.ts";

const API_VERSION = "2010-03-31";

/** AWS's query protocol: a form in, XML out, of which nothing but an error's code is read. */
const queryProtocol: ServiceProtocol = {
  service: "sns",
  write: (operation, input) => ({
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams([
      ["Action", operation],
      ["Version", API_VERSION],
      ...Object.entries(input).map(([name, value]) => [name, String(value)] as [string, string]),
    ]).toString(),
  }),
  read: () => ({}),
  readError: (status, body) =>
    namedError(/<Code>(\w+)<\/Code>/.exec(body)?.[1] ?? `HttpStatus${status}`),
};

/** What the bundles of functions hold in place of `@aws-sdk/client-sns`. */
export class SNSClient extends ServiceClient {
  constructor(configuration: ClientConfiguration) {
    super(configuration, queryProtocol);
  }
}

/** Publishes a message to a topic. */
export const PublishCommand = commandOf("Publish");
