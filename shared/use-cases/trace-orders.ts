import type { Clock } from "../ports/clock.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Trace } from "../ports/trace.ts";

/**
 * The same ledger, whose every write to an order's history is part of the trace under the order's
 * id: a trace is found by the order, and says what else its invocation did.
 */
export const traceOrders = (
  ledger: Ledger,
  { trace, clock }: { readonly trace: Trace; readonly clock: Pick<Clock, "nowMs"> },
): Ledger => ({
  ...ledger,
  appendEvents: async (clientOrderId, sequence, events) => {
    const startedAtMs = clock.nowMs();
    const add = (hasFailed: boolean): void =>
      trace.add({
        name: "order",
        startedAtMs,
        endedAtMs: clock.nowMs(),
        hasFailed,
        annotations: { clientOrderId, events: events.map(({ type }) => type).join(" ") },
      });
    try {
      const stored = await ledger.appendEvents(clientOrderId, sequence, events);
      add(!stored.ok);
      return stored;
    } catch (error) {
      add(true);
      throw error;
    }
  },
});
