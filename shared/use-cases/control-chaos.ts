import { chaosWorldOf, STRIKES_ONCE, type Failure } from "../domain/chaos/chaos-mode.ts";
import { endOf, type ChaosRecord } from "../domain/chaos/chaos-record.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { Settings } from "../domain/settings.ts";
import type { Chaos } from "../ports/chaos.ts";
import { noteAudit, type NoteAuditDeps } from "./audit/note-audit.ts";
import type { ControlRefusal } from "./control-refusal.ts";

/** What breaking on purpose needs. */
export type ControlChaosDeps = {
  /** Absent where nothing may be broken. */
  readonly chaos?: Chaos | undefined;
  readonly settings: Pick<Settings, "mode">;
};

/** What breaking needs beyond that: everybody can read afterwards who broke what. */
export type ChangeChaosDeps = ControlChaosDeps & NoteAuditDeps;

/** What is to be broken, for how long, and who wishes it. */
export type ChaosWish = {
  readonly failure: Failure;
  readonly minutes: number;
  readonly by: string;
};

/** Breaks something, or ends what is broken. */
export type ControlChaos = {
  readonly inject: (wish: ChaosWish) => Promise<Result<ChaosRecord, ControlRefusal>>;
  readonly clear: (
    by: string,
  ) => Promise<Result<{ readonly cleared: Failure | null }, ControlRefusal>>;
};

/** Long enough for the slowest recovery to be seen, short enough to be forgotten. */
export const CHAOS_MINUTES_MAX = 60;
const MINUTE_MS = 60_000;

/**
 * Makes the control. Where orders are real, and where no adapter listens, everything is refused.
 */
export const createControlChaos = (deps: ChangeChaosDeps): ControlChaos => ({
  inject: async ({ failure, minutes, by }) => {
    const allowed = chaosOf(deps);
    if (!allowed.ok) return allowed;
    const { log, causes, strikes, clock } = allowed.value;
    const nowMs = clock.nowMs();
    const [last] = await log.list(1);
    if (last !== undefined && endOf(last, nowMs) === null) {
      return refuse(`${last.failure} is still broken; end that first.`);
    }
    if (!causes.includes(failure)) {
      return refuse(`${failure} can be caused in a local world only.`);
    }
    const isOnce = STRIKES_ONCE.includes(failure);
    const record = {
      failure,
      by,
      beganAtMs: nowMs,
      // Damage is done at once; what mends it is the system itself.
      endsAtMs: isOnce ? nowMs + 1 : nowMs + minutes * MINUTE_MS,
      clearedAtMs: null,
    };
    // Recorded while the ledger still answers, and noted before the damage: what nobody knows of
    // would be taken for the real thing.
    await noteAudit(deps, { kind: "chaos", actor: by, epoch: null, body: { broken: failure } });
    await log.note(record);
    await strikes[failure]?.();
    return ok(record);
  },
  clear: async (by) => {
    const allowed = chaosOf(deps);
    if (!allowed.ok) return allowed;
    const { log, clock } = allowed.value;
    const nowMs = clock.nowMs();
    const [last] = await log.list(1);
    if (last === undefined || endOf(last, nowMs) !== null) return ok({ cleared: null });
    await log.note({ ...last, clearedAtMs: nowMs });
    const body = { cleared: last.failure };
    await noteAudit(deps, { kind: "chaos", actor: by, epoch: null, body });
    return ok({ cleared: last.failure });
  },
});

/** What may be broken here, or why nothing may. */
export const chaosOf = ({ chaos, settings }: ControlChaosDeps): Result<Chaos, ControlRefusal> => {
  const world = chaosWorldOf(settings.mode);
  if (!world.ok) return refuse(world.error.sentence);
  if (chaos === undefined) {
    return refuse("Nothing listens to failures here: it was not deployed with chaos allowed.");
  }
  return ok(chaos);
};

const refuse = (detail: string): Result<never, ControlRefusal> => err({ type: "Refused", detail });
