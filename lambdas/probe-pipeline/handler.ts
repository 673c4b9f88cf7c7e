import * as z from "zod";
import type { FunctionHandler, Runtime } from "../../shared/runtime/invocation.ts";
import { readMarketDataMessage } from "../../shared/runtime/messages/market-data-message.ts";
import { createTaskHandler } from "../../shared/runtime/task-handler.ts";
import {
  createProbePipeline,
  type ProbePipelineDeps,
  type ProbeReport,
} from "../../shared/use-cases/probe/probe-pipeline.ts";

/** Probes the pipeline, for its schedule and for the heal workflow. */
export const createHandler = (
  deps: Omit<ProbePipelineDeps, "readMessage">,
  runtime: Runtime,
): FunctionHandler<unknown, ProbeReport> => {
  const probe = createProbePipeline({ ...deps, readMessage: readMarketDataMessage });
  return createTaskHandler(
    {
      name: "probe-pipeline",
      input: z.unknown(),
      handle: probe,
      describe: (_input, { passed, score, stage, lost }) => ({
        passed,
        score: score ?? -1,
        stage: stage ?? "none",
        lost: lost.length,
      }),
    },
    runtime,
  );
};
