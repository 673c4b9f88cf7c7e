import * as z from "zod";
import type { FunctionHandler, Runtime } from "../../shared/runtime/invocation.ts";
import { createTaskHandler } from "../../shared/runtime/task-handler.ts";
import {
  createWatchDrills,
  type DrillsWatched,
  type WatchDrillsDeps,
} from "../../shared/use-cases/watch-drills.ts";

/** Ends what drills left broken: woken by a schedule of the Region that is not struck. */
export const createHandler = (
  deps: WatchDrillsDeps,
  runtime: Runtime,
): FunctionHandler<unknown, DrillsWatched> => {
  const watchDrills = createWatchDrills(deps);
  return createTaskHandler(
    {
      name: "watch-drills",
      input: z.unknown(),
      handle: watchDrills,
      describe: (_input, watched) => ({ ...watched }),
    },
    runtime,
  );
};
