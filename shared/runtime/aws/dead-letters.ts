import { createSqsClient } from "../../adapters/aws/clients.ts";
import { createSqsQueue } from "../../adapters/aws/message-queue.ts";
import { createCountDeadLetters } from "../../use-cases/count-dead-letters.ts";
import type { TendDeadLettersDeps } from "../../use-cases/tend-dead-letters.ts";

/** What says where the dead letters lie. */
type DeadLettersEnvironment = {
  readonly HOLDFAST_REGION: string;
  readonly MARKET_DATA_DEAD_LETTER_QUEUE_URL: string;
  readonly ORDERS_DEAD_LETTER_QUEUE_URL: string;
  readonly EXITS_DEAD_LETTER_QUEUE_URL: string;
};

/** Counts the dead letters of every queue that is tended; reads none of them. */
export const connectDeadLetterCount = (
  environment: DeadLettersEnvironment,
): (() => Promise<number>) => {
  const client = createSqsClient({ region: environment.HOLDFAST_REGION });
  const open = (url: string) => createSqsQueue({ client, url });
  return createCountDeadLetters([
    open(environment.EXITS_DEAD_LETTER_QUEUE_URL),
    open(environment.ORDERS_DEAD_LETTER_QUEUE_URL),
    open(environment.MARKET_DATA_DEAD_LETTER_QUEUE_URL),
  ]);
};

/** The queues whose dead letters are tended, with those letters. */
export const connectDeadLetters = (
  environment: DeadLettersEnvironment & {
    readonly MARKET_DATA_QUEUE_URL: string;
    readonly ORDERS_QUEUE_URL: string;
    readonly EXITS_QUEUE_URL: string;
  },
): NonNullable<TendDeadLettersDeps["doors"]> => {
  const client = createSqsClient({ region: environment.HOLDFAST_REGION });
  const open = (url: string) => createSqsQueue({ client, url });
  return {
    exits: {
      dead: open(environment.EXITS_DEAD_LETTER_QUEUE_URL),
      live: open(environment.EXITS_QUEUE_URL),
    },
    orders: {
      dead: open(environment.ORDERS_DEAD_LETTER_QUEUE_URL),
      live: open(environment.ORDERS_QUEUE_URL),
    },
    "market-data": {
      dead: open(environment.MARKET_DATA_DEAD_LETTER_QUEUE_URL),
      live: open(environment.MARKET_DATA_QUEUE_URL),
    },
  };
};
