import type { TradingAccount } from "../trading-account.ts";

/** Where a function is held up while others go on: right before or right after a port call. */
export type Moment = { readonly call: number; readonly phase: "before" | "after" };

/** Port calls that answer: what goes on meanwhile happens between two of them. */
const PORTS = ["ledger", "broker", "telemetry"] as const;

/**
 * The account's ports for one function that is held up at a moment, once, while `meanwhile` runs
 * with the ports of everybody else: a host that froze, or a message that was delivered twice.
 */
export const interrupted = (
  account: TradingAccount,
  at: Moment,
  meanwhile: () => Promise<void>,
): { readonly deps: TradingAccount["deps"]; readonly wasHeldUp: () => boolean } => {
  let calls = 0;
  let wasHeldUp = false;
  const holdUp = async (phase: Moment["phase"]): Promise<void> => {
    if (wasHeldUp || calls !== at.call || phase !== at.phase) return;
    wasHeldUp = true;
    await meanwhile();
  };
  const watched = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const call: unknown = Reflect.get(target, name);
        if (typeof call !== "function") return call;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          calls += 1;
          await holdUp("before");
          const answer: unknown = await Reflect.apply(call, target, [...args]);
          await holdUp("after");
          return answer;
        };
      },
    });
  const deps = { ...account.deps };
  const own = Object.fromEntries(PORTS.map((port) => [port, watched(deps[port])]));
  return { deps: { ...deps, ...own }, wasHeldUp: () => wasHeldUp };
};

/** Runs `story` with the function held up at every one of its port calls, until it has no more. */
export const atEveryMoment = async (
  story: (at: Moment) => Promise<{ readonly wasHeldUp: boolean }>,
  callsMax = 60,
): Promise<number> => {
  for (let call = 1; call <= callsMax; call++) {
    let isReached = false;
    for (const phase of ["before", "after"] as const) {
      const { wasHeldUp } = await story({ call, phase });
      isReached ||= wasHeldUp;
    }
    if (!isReached) return call - 1;
  }
  throw new Error("The function makes more port calls than were looked at.");
};
