import { jsonProtocol } from "./json-protocol.ts";
import { type ClientConfiguration, commandOf, ServiceClient } from "./service-client.ts";

/** Step Functions, of which one operation is needed: there is no other client of it here. */
export class StepFunctionsClient extends ServiceClient {
  constructor(configuration: ClientConfiguration) {
    super(configuration, jsonProtocol("states", "AWSStepFunctions", "1.0"));
  }
}

/** Starts an execution; the same name with the same input starts nothing twice. */
export const StartExecutionCommand = commandOf("StartExecution");
/** Asks whether an execution goes on, and what it came to. */
export const DescribeExecutionCommand = commandOf("DescribeExecution");
/** Reads what an execution did; the newest first, if asked so. */
export const GetExecutionHistoryCommand = commandOf("GetExecutionHistory");
/** Reads whose a workflow is. */
export const ListTagsForResourceCommand = commandOf("ListTagsForResource");
