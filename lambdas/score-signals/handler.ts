import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { Archive } from "../../shared/ports/archive.ts";
import type { MessageSender } from "../../shared/ports/message-queue.ts";
import { compileAtFirstUse } from "../../shared/runtime/compile-at-first-use.ts";
import type { FunctionHandler, Runtime } from "../../shared/runtime/invocation.ts";
import {
  MarketDataHead,
  readMarketDataMessage,
} from "../../shared/runtime/messages/market-data-message.ts";
import { createQueueHandler } from "../../shared/runtime/queue-handler.ts";
import { createScoreSignals, type ScoreSignalsDeps } from "../../shared/use-cases/score-signals.ts";

const RESERVE_MS = 5_000;

const Head = compileAtFirstUse(MarketDataHead);

/** Scores what poll-market-data published. */
export const createHandler = (
  deps: ScoreSignalsDeps & {
    readonly deadLetters?: MessageSender;
    /** Where the quotes of a shard lie that is too large for the queue. */
    readonly archive?: Pick<Archive, "read">;
  },
  runtime: Runtime,
): FunctionHandler<SQSEvent, SQSBatchResponse> =>
  createQueueHandler(
    {
      name: "score-signals",
      kind: "standard",
      parse: (value) => readMarketDataMessage(value, Head),
      handle: createScoreSignals(deps),
      correlate: ({ cycleId, shard }) => ({ cycleId, shard }),
      reserveMs: RESERVE_MS,
      deadLettersOf: () => deps.deadLetters,
      archive: deps.archive,
    },
    runtime,
  );
