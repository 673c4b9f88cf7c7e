import { join } from "node:path";
import { getHeapStatistics } from "node:v8";
import { createFileArchive } from "../../shared/adapters/host/file-archive.ts";
import { createLockedFiles } from "../../shared/adapters/host/locked-files.ts";
import { createOwnEnvironment } from "../../shared/adapters/host/own-environment.ts";
import type { MessageQueue } from "../../shared/ports/message-queue.ts";
import type { OwnEnvironment } from "../../shared/ports/own-environment.ts";
import type { MachineryOptions } from "./machinery-options.ts";
import { openPolicySeal } from "./policy-key.ts";
import { createTopicAlerts } from "./topic.ts";
import { createWorldBackups } from "./world-backups.ts";
import { createWorldFunctions } from "./world-functions.ts";

/** Whom the functions wake, without waiting for it. */
export type Wakers = {
  readonly onUnsettled: () => void;
  readonly onFailed: () => void;
  /** A message was given up as hopeless. */
  readonly onDeadLetter: () => void;
  readonly heal: () => Promise<unknown>;
};

/** Makes the functions on everything that a state directory keeps. */
export const createStateFunctions = (
  options: MachineryOptions,
  { onUnsettled, onFailed, onDeadLetter, heal }: Wakers,
): ReturnType<typeof createWorldFunctions> => {
  const { state, clock, queues, tell, onFailure } = options;
  return createWorldFunctions({
    ...options,
    seal: openPolicySeal(state.path),
    queues: {
      ...queues,
      deadLettersOf: (name) => tellOfSending(queues.deadLettersOf(name), onDeadLetter),
    },
    seams: options.seams,
    store: state.store,
    alerts: createTopicAlerts(queues.alerts),
    archive: createFileArchive(join(state.path, "archive")),
    locked: createLockedFiles(lockedPathOf(options)),
    // Of two Regions neither has the ledger for itself.
    backups:
      options.regionItems === undefined
        ? createWorldBackups(state.path, state.store, clock)
        : undefined,
    // Nobody waits for it: a run takes longer than an answer may.
    healRuns: {
      start: async () => {
        heal().catch((error: unknown) => onFailure("heal", error));
      },
    },
    own: options.seams?.own ?? ownOf(options),
    watch: { tell, onUnsettled, onFailed },
  });
};

const tellOfSending = (
  queue: MessageQueue | undefined,
  onSend: () => void,
): MessageQueue | undefined =>
  queue && {
    ...queue,
    send: async (messages) => {
      await queue.send(messages);
      onSend();
    },
  };

/** Of two Regions each has a locked store of its own. */
const lockedPathOf = ({ state, regionItems, settings }: MachineryOptions): string =>
  join(state.path, regionItems === undefined ? "locked" : `locked-${settings.region}`);

/** What this process may take, and where its functions may leave files. */
const ownOf = ({ state, host }: MachineryOptions): OwnEnvironment =>
  createOwnEnvironment({
    clock: host,
    bounds: { memoryBytes: getHeapStatistics().heap_size_limit, diskBytes: DISK_BYTES },
    temporaryDirectory: join(state.path, "temporary"),
    retire: () => undefined,
  });

const DISK_BYTES = 512 * 1024 * 1024;
