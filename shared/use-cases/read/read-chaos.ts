import { CHAOS_SUMMARY, STRIKES_ONCE, type Failure } from "../../domain/chaos/chaos-mode.ts";
import { endOf } from "../../domain/chaos/chaos-record.ts";
import { chaosOf, type ControlChaosDeps } from "../control-chaos.ts";

/** What can be broken on purpose, and what is and was. */
export type ChaosView = {
  /** Why nothing may be broken here; null where it may. */
  readonly refusal: string | null;
  readonly failures: readonly {
    readonly failure: Failure;
    /** One sentence. */
    readonly breaks: string;
    /** Whether it is damage that is done once, and not a state that lasts. */
    readonly isOnce: boolean;
  }[];
  /** What is broken now; null where nothing is. */
  readonly current: ChaosEntry | null;
  /** Newest first; the one that lasts among them. */
  readonly history: readonly ChaosEntry[];
};

/** A failure that was caused; times are epoch ms. */
type ChaosEntry = {
  readonly failure: Failure;
  readonly breaks: string;
  readonly by: string;
  readonly beganAtMs: number;
  readonly endsAtMs: number;
  /** null while it lasts. */
  readonly endedAtMs: number | null;
};

const HISTORY_MAX = 20;

/** Reads what is broken on purpose; it is told even where everything else is down. */
export const createReadChaos = (deps: ControlChaosDeps) => async (): Promise<ChaosView> => {
  const allowed = chaosOf(deps);
  if (!allowed.ok) {
    return { refusal: allowed.error.detail, failures: [], current: null, history: [] };
  }
  const { log, clock, causes } = allowed.value;
  const records = await log.list(HISTORY_MAX);
  const nowMs = clock.nowMs();
  const history = records.map(({ failure, by, beganAtMs, endsAtMs, clearedAtMs }) => ({
    failure,
    breaks: CHAOS_SUMMARY[failure],
    by,
    beganAtMs,
    endsAtMs,
    endedAtMs: endOf({ endsAtMs, clearedAtMs }, nowMs),
  }));
  return {
    refusal: null,
    failures: causes.map((failure) => ({
      failure,
      breaks: CHAOS_SUMMARY[failure],
      isOnce: STRIKES_ONCE.includes(failure),
    })),
    current: history.find(({ endedAtMs }) => endedAtMs === null) ?? null,
    history,
  };
};
