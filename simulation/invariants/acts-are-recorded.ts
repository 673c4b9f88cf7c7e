import type { AuditHead } from "../../shared/domain/audit/audit-head.ts";
import type { AuditRecord } from "../../shared/domain/audit/audit-record.ts";
import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { Observation, OperatorAct } from "../observation.ts";
import { broken, type Finding, HOLDS, type Invariant, judgeBy, type Scene } from "./invariant.ts";

/** The keeper comes every minute; what is younger than two of its runs may still wait for one. */
const SEALED_WITHIN_MS = 3 * 60_000;
/** A keeper has seen what is in flight for so long, and goes on looking for it. */
const SEEN_WITHIN_MS = 2 * 60_000;
/** What nothing is in flight of is looked for so long; what comes later is sealed with its day. */
const LOOKED_FOR_MS = 13 * 60_000;

type Of<Type extends Observation["type"]> = Extract<Observation, { readonly type: Type }>;

/** What the chain says so far. */
type Recorded = {
  /** Every record that was in the chain, also one that was lost with the ledger. */
  readonly records: AuditRecord[];
  /** By order: how many of its events are sealed. */
  readonly sealed: Map<string, number>;
  /** Acts whose record is missing, which people were told of. */
  readonly missed: Set<string>;
  /** What the newest record of the cell says. */
  said: AuditRecord["body"] | undefined;
  lastSequence: number;
};

/**
 * (27) What matters is recorded: what loosens before it is done (two people who resume, a takeover
 * that ends), what an operator was told is done by then, or people are told what is missing. In a
 * world that has come to rest every order is sealed with all of its events, and the newest record
 * of the cell says what the cell says.
 */
export const createActsAreRecorded = (): Invariant => {
  const recorded: Recorded = {
    records: [],
    sealed: new Map(),
    missed: new Set(),
    said: undefined,
    lastSequence: 0,
  };
  const asked = new Map<string, number>();
  const exempt = new Set<string>();
  const grownAtMs = new Map<string, number>();
  /** Since when each order is in flight. */
  const inFlightSinceMs = new Map<string, number>();
  let cellSinceMs = -Infinity;
  return {
    name: "acts-are-recorded",
    judge: judgeBy({
      auditHeadWritten: ({ actor, after }) => {
        // Behind a restore the chain goes on from what is locked, and all is sealed anew.
        if (actor === undefined) forget(recorded);
        note(recorded, after);
        return HOLDS;
      },
      alertKept: ({ record }) => {
        recorded.missed.add(record.alert.key);
        return HOLDS;
      },
      alertRaised: ({ alert }) => {
        recorded.missed.add(alert.key);
        return HOLDS;
      },
      historyDamaged: ({ clientOrderId }) => {
        exempt.add(clientOrderId);
        return HOLDS;
      },
      eventsAppended: ({ clientOrderId, events, atMs }, { view }) => {
        grownAtMs.set(clientOrderId, atMs);
        // A rebuilt cell may have what was over for a moment, and a keeper never sees it there.
        const isSeen = atMs - (inFlightSinceMs.get(clientOrderId) ?? atMs) >= SEEN_WITHIN_MS;
        const [first = events[0]] = view.eventsOf(clientOrderId);
        const decidedAtMs = first?.type === "intentRecorded" ? first.intent.decidedAtMs : atMs;
        if (!isSeen && atMs - decidedAtMs > LOOKED_FOR_MS) exempt.add(clientOrderId);
        return HOLDS;
      },
      operatorAsked: ({ act, by, atMs }) => {
        asked.set(`${act} ${by}`, atMs);
        return HOLDS;
      },
      operatorAnswered: (answered, { view }) =>
        judgeAnswered(recorded, answered, asked, view.settings.account),
      cellWritten: (written) => {
        cellSinceMs = written.atMs;
        noteInFlight(inFlightSinceMs, written);
        return judgeLoosened(recorded, written);
      },
    }),
    judgeEnd: (scene, mode) =>
      mode === "safety"
        ? HOLDS
        : [
            ...judgeSealed(recorded, scene, grownAtMs, exempt),
            ...judgeSaid(recorded, scene, cellSinceMs),
          ],
  };
};

const noteInFlight = (
  sinceMs: Map<string, number>,
  { after: { inFlight }, atMs }: Of<"cellWritten">,
): void => {
  for (const id of sinceMs.keys()) if (inFlight[id] === undefined) sinceMs.delete(id);
  for (const id of Object.keys(inFlight)) if (!sinceMs.has(id)) sinceMs.set(id, atMs);
};

const forget = (recorded: Recorded): void => {
  recorded.sealed.clear();
  recorded.said = undefined;
  recorded.lastSequence = 0;
};

const note = (recorded: Recorded, { tail }: AuditHead): void => {
  for (const record of tail) {
    if (record.sequence <= recorded.lastSequence) continue;
    recorded.lastSequence = record.sequence;
    recorded.records.push(record);
    if (record.kind === "state") recorded.said = record.body;
    if (record.kind !== "orders") continue;
    for (const { id, events } of ordersIn(record)) recorded.sealed.set(id, events);
  }
};

/** The keeper's own form of a seal. */
const ordersIn = ({ body }: AuditRecord) =>
  body["orders"] as unknown as readonly { readonly id: string; readonly events: number }[];

/** What lets entries through again stands in the chain by then. */
const judgeLoosened = (
  { records }: Recorded,
  { before, after, actor }: Of<"cellWritten">,
): readonly Finding[] => {
  if (actor === undefined || typeof before !== "object") return HOLDS;
  if (before.tradingState.mode === "active" || after.tradingState.mode !== "active") return HOLDS;
  const kind = actor.functionName === "control-trading" ? "resume-approved" : "takeover-finished";
  const isThere = records.some((one) => one.kind === kind && one.epoch === before.epoch);
  return isThere ? HOLDS : broken(`Trading is active again, and no record of ${kind} says so.`);
};

const KINDS: Readonly<Partial<Record<OperatorAct, string>>> = {
  halt: "halt",
  flatten: "flatten",
  requestResume: "resume-requested",
  approveResume: "resume-approved",
};

/** Who is told that it is done finds it in the chain, or an alert says that it is not there. */
const judgeAnswered = (
  { records, missed }: Recorded,
  { act, by, status }: Of<"operatorAnswered">,
  asked: ReadonlyMap<string, number>,
  account: string,
): readonly Finding[] => {
  const kind = KINDS[act];
  if (kind === undefined || status !== 200) return HOLDS;
  const sinceMs = (asked.get(`${act} ${by}`) ?? 0) - CLOCK_OFF_MS;
  const isThere = records.some(
    (one) => one.kind === kind && one.actor === by && one.atMs >= sinceMs,
  );
  if (isThere || missed.has(`audit-missed-${account}-${kind}`)) return HOLDS;
  return broken(`${by} was told that ${act} is done, and no record says so.`);
};

/** Records carry their writer's clock. */
const CLOCK_OFF_MS = 10_000;

const judgeSealed = (
  { sealed }: Recorded,
  { view }: Scene,
  grownAtMs: ReadonlyMap<string, number>,
  exempt: ReadonlySet<string>,
): readonly Finding[] =>
  view.clientOrderIds().flatMap((clientOrderId) => {
    const events = view.eventsOf(clientOrderId);
    const lastMs = grownAtMs.get(clientOrderId) ?? 0;
    if (view.nowMs - lastMs < SEALED_WITHIN_MS || exempt.has(clientOrderId)) return HOLDS;
    const count = sealed.get(clientOrderId) ?? 0;
    return count === events.length
      ? HOLDS
      : broken(`${count} of ${events.length} events are sealed.`, clientOrderId);
  });

const judgeSaid = ({ said }: Recorded, { view }: Scene, sinceMs: number): readonly Finding[] => {
  const cell = view.cell();
  if (typeof cell !== "object") return HOLDS;
  if (said === undefined) return broken("No record says how the account stands.");
  if (view.nowMs - sinceMs < SEALED_WITHIN_MS && !isAlike(said, cell)) return HOLDS;
  return isAlike(said, cell) ? HOLDS : broken("The audit does not say how the account stands now.");
};

const isAlike = (said: AuditRecord["body"], cell: ControlCell): boolean =>
  said["epoch"] === cell.epoch &&
  said["activeRegion"] === cell.activeRegion &&
  said["mode"] === cell.tradingState.mode &&
  said["by"] === cell.tradingState.by &&
  said["limitsDigest"] === cell.limitsDigest;
