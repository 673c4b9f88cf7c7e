import type { AuditBody, AuditValue } from "./audit-record.ts";

/** What an order's history was when it was sealed. */
export type OrderSeal = {
  readonly clientOrderId: string;
  /** How many events it had. */
  readonly events: number;
  /** The digest of its newest item in the ledger, which the items before it lead to. */
  readonly head: string;
  /** Where the order stood: `denied`, `filled`. */
  readonly state: string;
  /** What the guard had against it; empty where it had nothing. */
  readonly denials: readonly string[];
};

/** How far orders were sealed. */
export type SealingState = {
  /** `2026-11-20`. */
  readonly session: string;
  /** The newest minute of a decision that was seen, `1435`. */
  readonly minute: string;
  /** By client order id: how many events were sealed of orders that may still grow. */
  readonly known: Readonly<Record<string, number>>;
  /** What the control cell said when that was last recorded, in a form that can be compared. */
  readonly cell: string;
};

/** Seals of one record: with every denial there is, so many still fit into a record. */
export const SEALS_PER_RECORD = 20;

/** What the record of a batch tells. */
export const sealsToBody = (session: string, seals: readonly OrderSeal[]): AuditBody => ({
  session,
  orders: seals.map(({ clientOrderId, events, head, state, denials }) => ({
    id: clientOrderId,
    events,
    head,
    state,
    denials,
  })),
});

/** The seals that a record of a batch tells of; what is none is left out. */
export const readSeals = ({ orders }: AuditBody): readonly Omit<OrderSeal, "state" | "denials">[] =>
  Array.isArray(orders) ? orders.flatMap(readSeal) : [];

const readSeal = (value: AuditValue): readonly Omit<OrderSeal, "state" | "denials">[] => {
  if (typeof value !== "object" || value === null || !("id" in value)) return [];
  const { id, events, head } = value;
  const isSeal = typeof id === "string" && typeof events === "number" && typeof head === "string";
  return isSeal ? [{ clientOrderId: id, events, head }] : [];
};
