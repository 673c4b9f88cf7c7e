import type { SNSEvent } from "aws-lambda";
import type { FunctionHandler, Runtime } from "../../shared/runtime/invocation.ts";
import { AlertMessage } from "../../shared/runtime/messages/alert.ts";
import { createTopicHandler } from "../../shared/runtime/topic-handler.ts";
import { createNotify, type NotifyDeps } from "../../shared/use-cases/notify.ts";

/** Pages a person for what the alerts topic carries. */
export const createHandler = (
  deps: NotifyDeps,
  runtime: Runtime,
): FunctionHandler<SNSEvent, void> =>
  createTopicHandler(
    {
      name: "notify",
      message: AlertMessage,
      handle: createNotify(deps),
      correlate: ({ key, action, severity }) => ({ key, action, severity }),
    },
    runtime,
  );
