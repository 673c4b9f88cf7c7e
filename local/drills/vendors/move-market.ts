import { createHttpClient } from "../../../shared/adapters/http/http-client.ts";
import type { Clock } from "../../../shared/ports/clock.ts";
import type { Timers } from "../../../shared/ports/timers.ts";

/** The host's milliseconds between two looks. */
const EVERY_MS = 25;

/**
 * Looks at the exchange all the time, so that its market moves on in small steps and not all at
 * once when a vendor is asked, which would count as the vendor's latency. It shows no keys and is
 * told nothing. Returns how to stop.
 */
export const moveMarket = (
  url: string,
  { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
): (() => void) => {
  const http = createHttpClient({ clock });
  let callOff: (() => void) | undefined;
  let isStopped = false;
  const look = async (): Promise<void> => {
    await http.send({ method: "GET", url: `${url}/v2/clock`, headers: {}, timeoutMs: 5_000 });
    if (!isStopped) callOff = timers.after(EVERY_MS, () => void look());
  };
  void look();
  return () => {
    isStopped = true;
    callOff?.();
    http.close();
  };
};
