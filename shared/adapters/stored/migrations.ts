import * as z from "zod";

const AnyObject = z.record(z.string(), z.unknown());

/**
 * Changes an object's fields, and takes away those set to undefined; what is not an object is left
 * to the codec to refuse.
 */
const withFields = (
  value: unknown,
  change: (fields: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): unknown => {
  const parsed = AnyObject.safeParse(value);
  if (!parsed.success) return value;
  const changed = Object.entries({ ...parsed.data, ...change(parsed.data) });
  return Object.fromEntries(changed.filter(([, field]) => field !== undefined));
};

const eachValue = (value: unknown, change: (one: unknown) => unknown): unknown => {
  const parsed = AnyObject.safeParse(value);
  return parsed.success
    ? Object.fromEntries(Object.entries(parsed.data).map(([key, one]) => [key, change(one)]))
    : value;
};

/**
 * Control cells of schema 1 had no brackets, reject counts, loss limits or requests to resume. The
 * loss limits take their defaults; the digest then differs, so the next cycle hands in the
 * configured ones. Those of schema 2 knew no wish to have the broker suspend trading.
 */
export const cellMigrations: Readonly<Record<number, (body: unknown) => unknown>> = {
  1: (body) =>
    withFields(body, (cell) => ({
      schemaVersion: 2,
      tradingState: withFields(cell["tradingState"], () => ({ isFlattening: false })),
      resumeRequest: null,
      limits: withFields(cell["limits"], () => ({
        maxDailyLossPct: 3,
        maxDrawdownPct: 10,
        rejectsToLatch: 3,
      })),
      limitsDigest: "",
      cashFlow: 0,
      peakEquity: null,
      day: withFields(cell["day"], () => ({ rejects: [] })),
      inFlight: eachValue(cell["inFlight"], (claim) =>
        withFields(claim, (fields) => ({
          validUntilMs: fields["submitByMs"],
          protection: null,
          closed: 0,
          closedPrice: null,
          liveLegIds: [],
        })),
      ),
    })),
  2: (body) =>
    withFields(body, (cell) => ({
      schemaVersion: 3,
      tradingState: withFields(cell["tradingState"], () => ({ suspendAtBroker: false })),
    })),
};

/** Histories of schema 1 had denials without details, and claims of whole intents only. */
export const eventsMigrations: Readonly<Record<number, (body: unknown) => unknown>> = {
  1: (body) => (Array.isArray(body) ? body.map(migrateEvent) : body),
};

const migrateEvent = (event: unknown): unknown =>
  withFields(event, ({ type, intent, reasons }) => {
    switch (type) {
      case "intentRecorded":
        return { intent: withFields(intent, () => ({ protection: null })) };
      case "claimed":
        return { quantity: null };
      case "denied": {
        const names = z.array(z.string()).safeParse(reasons);
        const denials = (names.data ?? []).map((reason) => ({ reason, detail: "" }));
        return { denials, reasons: undefined };
      }
      default:
        return {};
    }
  });
