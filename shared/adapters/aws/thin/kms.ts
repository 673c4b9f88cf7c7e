import { jsonProtocol } from "./json-protocol.ts";
import { type ClientConfiguration, commandOf, ServiceClient } from "./service-client.ts";

/** KMS, of which two operations are needed: there is no other client of it here. */
export class KmsClient extends ServiceClient {
  constructor(configuration: ClientConfiguration) {
    super(configuration, jsonProtocol("kms", "TrentService", "1.1"));
  }
}

/** Reads the public half of an asymmetric key. */
export const GetPublicKeyCommand = commandOf("GetPublicKey");
/** Signs a digest with the private half, which never leaves the service. */
export const SignCommand = commandOf("Sign");
