import { RegionBody } from "../../shared/adapters/holdfast-api/contract/region.ts";
import type { ExitCode, VerbContext, VerbInput } from "../verb.ts";
import { levelText, modeBadge, paletteOf } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

/** Shows who has the account; 0 while it trades, 1 in a takeover or never opened, 3 halted. */
export const reportRegion = (input: VerbInput, context: VerbContext): Promise<ExitCode> =>
  withApi<ExitCode>(input, context, async (api) => {
    const { body, text } = orFail(await api.read("/api/region", RegionBody));
    context.write(input.isJson ? `${text}\n` : regionText(body, context));
    if (body.tradingState?.mode === "halted") return 3;
    return body.activeRegion === null || body.isTakeoverUnderWay ? 1 : 0;
  });

type Body = ReturnType<typeof RegionBody.parse>;

const regionText = (body: Body, context: VerbContext): string => {
  const { account, region, activeRegion, epoch, tradingState, orders, lease } = body;
  const palette = paletteOf(context);
  const badge = modeBadge(body.mode, palette);
  if (activeRegion === null || tradingState === null) {
    return `${badge} The account ${account} was never opened; ${region} answers.\n`;
  }
  const here = activeRegion === region ? "this Region" : `seen from ${region}`;
  const alive =
    lease === null
      ? "No Region has ever kept a lease: there is one Region, or it has just begun."
      : `${lease.region} has renewed its lease ${lease.beat} times, last under epoch ${lease.epoch}.`;
  const takeover = body.isTakeoverUnderWay
    ? palette.yellow("A takeover is under way: exits only until ledger and broker agree.\n")
    : "";
  return (
    `${badge} ${activeRegion} has ${account} under epoch ${epoch} (${here}).\n` +
    `Trading is ${levelText(tradingState.mode, palette)}: ${tradingState.reason} (${tradingState.by})\n` +
    `Orders: ${orders.open} open, ${orders.protecting} protecting. ${alive}\n${takeover}`
  );
};
