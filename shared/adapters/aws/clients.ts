import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { KmsClient } from "./thin/kms.ts";
import { StepFunctionsClient } from "./thin/step-functions.ts";

/** Where the services are. Tests name an endpoint and credentials; AWS needs the Region alone. */
export type AwsSettings = {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

/** One retry: the queues and schedules retry too, and a second layer would multiply with theirs. */
const ATTEMPTS_MAX = 2;
const CONNECTION_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 3_000;
const SOCKETS_MAX = 50;

const clientConfiguration = (settings: AwsSettings) => ({
  ...settings,
  maxAttempts: ATTEMPTS_MAX,
  requestHandler: {
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    throwOnRequestTimeout: true,
    httpAgent: { keepAlive: true, maxSockets: SOCKETS_MAX },
    httpsAgent: { keepAlive: true, maxSockets: SOCKETS_MAX },
  },
});

/** A DynamoDB client that keeps connections and answers or fails within seconds. */
export const createDynamoClient = (settings: AwsSettings): DynamoDBClient =>
  new DynamoDBClient(clientConfiguration(settings));

/** An SQS client that keeps connections and answers or fails within seconds. */
export const createSqsClient = (settings: AwsSettings): SQSClient =>
  new SQSClient({
    ...clientConfiguration(settings),
    // A queue's URL names the service's own host, which is not where an emulator listens.
    useQueueUrlAsEndpoint: settings.endpoint === undefined,
  });

/** An S3 client that keeps connections and answers or fails within seconds. */
export const createS3Client = (settings: AwsSettings): S3Client =>
  new S3Client({
    ...clientConfiguration(settings),
    forcePathStyle: settings.endpoint !== undefined,
    requestChecksumCalculation: "WHEN_REQUIRED",
  });

/** An SNS client that keeps connections and answers or fails within seconds. */
export const createSnsClient = (settings: AwsSettings): SNSClient =>
  new SNSClient(clientConfiguration(settings));

/** A Step Functions client that keeps connections and answers or fails within seconds. */
export const createStepFunctionsClient = (settings: AwsSettings): StepFunctionsClient =>
  new StepFunctionsClient(clientConfiguration(settings));

/** A Secrets Manager client that keeps connections and answers or fails within seconds. */
export const createSecretsClient = (settings: AwsSettings): SecretsManagerClient =>
  new SecretsManagerClient(clientConfiguration(settings));

/** A KMS client that keeps connections and answers or fails within seconds. */
export const createKmsClient = (settings: AwsSettings): KmsClient =>
  new KmsClient(clientConfiguration(settings));
