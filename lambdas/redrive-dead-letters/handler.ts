import * as z from "zod";
import { ok } from "../../shared/domain/result.ts";
import { createApiHandler, type ApiFunction } from "../../shared/runtime/api-handler.ts";
import { controlRoute, controlRouteWith } from "../../shared/runtime/control-route.ts";
import type { Deadline, FunctionHandler, Runtime } from "../../shared/runtime/invocation.ts";
import { readDeadLetter } from "../../shared/runtime/messages/dead-letter.ts";
import { readTickLine } from "../../shared/runtime/messages/tick-line.ts";
import { createTaskHandler } from "../../shared/runtime/task-handler.ts";
import {
  createRecoverTicks,
  type RecoverTicksDeps,
  type TicksRecovered,
} from "../../shared/use-cases/recover-ticks.ts";
import {
  createTendDeadLetters,
  type DeadLettersTended,
  type TendDeadLettersDeps,
} from "../../shared/use-cases/tend-dead-letters.ts";

const NAME = "redrive-dead-letters";

/** What one run came to. */
export type Redriven = DeadLettersTended & { readonly recovered: TicksRecovered };

/**
 * What the queues gave up, and what the store did not take: tended by the schedule, and by
 * operators as they wish.
 */
export const createHandlers = (
  given: Omit<TendDeadLettersDeps, "readDead"> & Omit<RecoverTicksDeps, "readTick">,
  runtime: Runtime,
): {
  readonly tend: FunctionHandler<unknown, Redriven>;
  readonly answer: ApiFunction;
} => {
  const tend = createTendDeadLetters({ ...given, readDead: readDeadLetter });
  const recoverTicks = createRecoverTicks({ ...given, readTick: readTickLine });
  const redrive = async (_input: unknown, deadline: Deadline): Promise<Redriven> => {
    // Orders first; and what fails of the one must not keep the other waiting.
    const [tended, recovered] = [
      await settle(() => tend({ type: "tend" }, deadline)),
      await settle(() => recoverTicks(deadline)),
    ];
    if (tended.status === "rejected") throw tended.reason;
    if (recovered.status === "rejected") throw recovered.reason;
    return { ...tended.value, recovered: recovered.value };
  };
  return {
    tend: createTaskHandler(
      {
        name: NAME,
        input: z.unknown(),
        handle: redrive,
        describe: (_input, { letters, isMore, recovered }) => ({
          ...countVerdicts(letters),
          isMore,
          ticksRecovered: recovered.quotes,
          ticksDamaged: recovered.damaged,
        }),
      },
      runtime,
    ),
    answer: createApiHandler(
      { name: NAME, mode: given.settings.mode, routes: routesOf(tend) },
      runtime,
    ),
  };
};

const settle = async <Value>(work: () => Promise<Value>): Promise<PromiseSettledResult<Value>> => {
  const [settled] = await Promise.allSettled([work()]);
  return settled;
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
      ok(await tend({ type: "quarantine", id, reason, by }, deadline)),
  ),
});

const countVerdicts = (letters: DeadLettersTended["letters"]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { verdict } of letters) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
};
