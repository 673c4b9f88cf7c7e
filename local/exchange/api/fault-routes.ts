import { Fault } from "../faults/fault.ts";
import type { FaultControl } from "../faults/fault-control.ts";
import type { Json } from "../faults/distort-body.ts";
import { alpacaError, type Route } from "./api.ts";
import { parseBody } from "./order-body.ts";

/**
 * Where a drill arms faults: GET lists, POST arms one, DELETE disarms all. Never on a real network.
 */
export const createFaultRoutes = (faults: FaultControl): readonly Route[] => {
  const list = (): Json => ({
    armed: faults.list().map(({ fault, timesLeft, struck }) => ({
      fault,
      timesLeft: timesLeft ?? null,
      struck,
    })),
    counts: faults.counts(),
  });
  return [
    { method: "GET", pattern: "/_faults", answer: () => ({ status: 200, body: list() }) },
    {
      method: "POST",
      pattern: "/_faults",
      answer: ({ body }) => {
        const fault = parseBody(body, Fault);
        if (!fault.ok) return fault.error;
        return faults.arm(fault.value)
          ? { status: 200, body: list() }
          : alpacaError(422, 42210000, "too many faults are armed");
      },
    },
    {
      method: "DELETE",
      pattern: "/_faults",
      answer: () => {
        faults.disarmAll();
        return { status: 200, body: list() };
      },
    },
  ];
};
