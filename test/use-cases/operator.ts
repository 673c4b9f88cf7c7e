import { createMemoryQueue } from "../../shared/adapters/memory/message-queue.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { MessageQueue } from "../../shared/ports/message-queue.ts";
import { readOrderIntent } from "../../shared/runtime/messages/order-intent.ts";
import { createFlattenPositions } from "../../shared/use-cases/flatten-positions.ts";
import { createHaltTrading } from "../../shared/use-cases/halt-trading.ts";
import type { Deadline } from "../../shared/use-cases/prove-state.ts";
import { createResumeTrading } from "../../shared/use-cases/resume-trading.ts";
import { openAccount, type TradingAccount } from "./trading-account.ts";

/** An account with the wishes that operators have, and the queue of exits. */
export type Operated = TradingAccount & {
  readonly halt: ReturnType<typeof createHaltTrading>;
  readonly flatten: ReturnType<typeof createFlattenPositions>;
  readonly resume: ReturnType<typeof createResumeTrading>;
  readonly exits: MessageQueue;
  /** A caller that waits so many milliseconds from now. */
  readonly within: (ms: number) => Deadline;
  /** Executes every exit that waits, as the function behind the queue does. */
  readonly executeExits: () => Promise<void>;
};

/** Opens an account with its operators. */
export const openOperated = async (cell?: ControlCell): Promise<Operated> => {
  const account = await openAccount(cell);
  const exits = createMemoryQueue(
    { kind: "fifo", visibilityTimeoutMs: 1_000, maxReceiveCount: 3 },
    account.deps.clock,
  );
  const deps = { ...account.deps, exits, digest: sha256 };
  return {
    ...account,
    halt: createHaltTrading(deps),
    flatten: createFlattenPositions(deps),
    resume: createResumeTrading(deps),
    exits,
    within: (ms) => {
      const endsAtMs = account.nowMs() + ms;
      return { remainingMs: () => endsAtMs - account.nowMs() };
    },
    executeExits: async () => {
      for (const message of await exits.receive(10)) {
        const intent = readOrderIntent(JSON.parse(message.body));
        if (!intent.ok) throw new Error(`The exit cannot be read: ${intent.error}.`);
        await account.execute(intent.value, { remainingMs: () => 10_000 });
        await exits.remove(message.receipt);
      }
    },
  };
};
