import { jsonProtocol } from "./json-protocol.ts";
import { type ClientConfiguration, commandOf, ServiceClient } from "./service-client.ts";

/** What the bundles of functions hold in place of `@aws-sdk/client-secrets-manager`. */
export class SecretsManagerClient extends ServiceClient {
  constructor(configuration: ClientConfiguration) {
    super(configuration, jsonProtocol("secretsmanager", "secretsmanager", "1.1"));
  }
}

/** Reads a secret. */
export const GetSecretValueCommand = commandOf("GetSecretValue");
