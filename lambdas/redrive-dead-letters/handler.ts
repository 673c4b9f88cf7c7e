import * as z from "zod";
import { ok } from "../../shared/domain/result.ts";
import { createApiHandler, type ApiFunction } from "../../shared/runtime/api-handler.ts";
import { controlRoute, controlRouteWith } from "../../shared/runtime/control-route.ts";
import type { FunctionHandler, Runtime } from "../../shared/runtime/invocation.ts";
import { readDeadLetter } from "../../shared/runtime/messages/dead-letter.ts";
import { createTaskHandler } from "../../shared/runtime/task-handler.ts";
import {
  createTendDeadLetters,
  type DeadLettersTended,
  type TendDeadLettersDeps,
} from "../../shared/use-cases/tend-dead-letters.ts";

const NAME = "redrive-dead-letters";

/** What the queues gave up: tended by the schedule, and by operators as they wish. */
export const createHandlers = (
  given: Omit<TendDeadLettersDeps, "readDead">,
  runtime: Runtime,
): {
  readonly tend: FunctionHandler<unknown, DeadLettersTended>;
  readonly answer: ApiFunction;
} => {
  const tend = createTendDeadLetters({ ...given, readDead: readDeadLetter });
  return {
    tend: createTaskHandler(
      {
        name: NAME,
        input: z.unknown(),
        handle: (_input, deadline) => tend({ type: "tend" }, deadline),
        describe: (_input, { letters, isMore }) => ({ ...countVerdicts(letters), isMore }),
      },
      runtime,
    ),
    answer: createApiHandler(
      { name: NAME, mode: given.settings.mode, routes: routesOf(tend) },
      runtime,
    ),
  };
};

/** One letter by its id, and why, in words for the record. */
const Quarantine = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/),
  reason: z.string().trim().min(1).max(300),
});

const routesOf = (tend: ReturnType<typeof createTendDeadLetters>) => ({
  "POST /api/dead-letters/look": controlRoute(async (_by, deadline) =>
    ok(await tend({ type: "look" }, deadline)),
  ),
  "POST /api/dead-letters/redrive": controlRoute(async (_by, deadline) =>
    ok(await tend({ type: "redrive" }, deadline)),
  ),
  "POST /api/dead-letters/quarantine": controlRouteWith(
    Quarantine,
    async ({ id, reason }, by, deadline) =>
      ok(await tend({ type: "quarantine", id, reason: `${by}: ${reason}` }, deadline)),
  ),
});

const countVerdicts = (letters: DeadLettersTended["letters"]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { verdict } of letters) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
};
