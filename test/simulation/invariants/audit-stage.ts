import { sha256 } from "../../../shared/adapters/host/digest.ts";
import {
  appendToHead,
  type AuditHead,
  lastOf,
  markKept,
} from "../../../shared/domain/audit/audit-head.ts";
import { type AuditEntry, recordText } from "../../../shared/domain/audit/audit-record.ts";
import { recordKey } from "../../../shared/domain/audit/checkpoint.ts";
import type { Actor } from "../../../simulation/observation.ts";
import { NOW_MS, REGION } from "../../fixtures/orders.ts";
import { by, type Told } from "./stage.ts";

/** The account whose chain it is. */
const ACCOUNT = "main";

/** An entry of the audit under epoch 1. */
export const entryOf = (change: Partial<AuditEntry> = {}): AuditEntry => ({
  kind: "halt",
  actor: "ann",
  epoch: 1,
  body: { reason: "doubt" },
  ...change,
});

/** The head behind one more record. */
export const append = (head: AuditHead | undefined, entry: AuditEntry): AuditHead => {
  const place = { account: ACCOUNT, region: REGION, atMs: NOW_MS };
  const appended = appendToHead(head, entry, place, sha256);
  if (!appended.ok) throw new Error(`It was refused: ${appended.error.type}.`);
  return appended.value.head;
};

/** A write of the head. */
export const wroteHead = (
  before: AuditHead | undefined,
  after: AuditHead,
  actor: Actor | "nobody" = by("keep-audit"),
): Told => ({
  type: "auditHeadWritten",
  actor: actor === "nobody" ? undefined : actor,
  before,
  after,
});

/** The head's last record, locked in a Region. */
export const locked = (head: AuditHead, region = REGION): Told => {
  const record = lastOf(head);
  const { sequence } = record;
  const key = recordKey(ACCOUNT, sequence);
  return { type: "lockedKept", region, key, sequence, body: recordText(record) };
};

/** The head once a Region has everything up to its end. */
export const keptIn = (head: AuditHead, region = REGION): AuditHead =>
  markKept(head, region, lastOf(head).sequence) ?? head;
