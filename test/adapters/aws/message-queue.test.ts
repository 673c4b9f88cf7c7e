import { createSqsClient } from "../../../shared/adapters/aws/clients.ts";
import { describeSqsQueue } from "./describe-sqs-queue.ts";
import { startFauxqs } from "./fauxqs.ts";

const settings = await startFauxqs();

describeSqsQueue("SQS queue", createSqsClient(settings), settings, { runs: 15 });
