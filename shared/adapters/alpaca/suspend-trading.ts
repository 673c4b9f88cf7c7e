import * as z from "zod";
import { err, ok } from "../../domain/result.ts";
import type { Broker } from "../../ports/broker.ts";
import type { VendorReader } from "../http/vendor-reader.ts";
import { credentialHeaders, type AlpacaConnection } from "./connection.ts";

const TIMEOUT_MS = 5_000;

/** The account's switches, as far as suspending is proven by them. */
const Suspended = z.object({ suspend_trade: z.literal(true) });

/** Switches trading off at Alpaca; ok only when the answer shows that it is off. */
export const createSuspendTrading =
  (
    { http, baseUrl, credentials }: AlpacaConnection,
    reader: Pick<VendorReader, "fault" | "faultOf" | "parse">,
  ): Broker["suspendTrading"] =>
  async () => {
    const outcome = await http.send({
      method: "PATCH",
      url: `${baseUrl}/v2/account/configurations`,
      headers: { ...credentialHeaders(credentials), "content-type": "application/json" },
      body: JSON.stringify({ suspend_trade: true }),
      timeoutMs: TIMEOUT_MS,
    });
    if (outcome.type !== "answer") return err(reader.fault("NETWORK", outcome.detail));
    if (outcome.status !== 200) return err(reader.faultOf(outcome));
    const switches = reader.parse(outcome, Suspended);
    return switches.ok ? ok(undefined) : switches;
  };
