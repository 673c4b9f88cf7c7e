import * as z from "zod";
import {
  ResumeRequestedBody,
  ResumedBody,
  TradingStateBody,
} from "../../shared/adapters/holdfast-api/contract/trading-state.ts";
import type { HoldfastApi } from "../../shared/adapters/holdfast-api/client.ts";
import { formatQuantity, type Quantity } from "../../shared/domain/market/quantity.ts";
import { usageFault, type ExitCode, type VerbContext, type VerbInput } from "../verb.ts";
import { confirm } from "./confirm.ts";
import { toPlainLines } from "./plain-lines.ts";
import { clockTime, levelText, modeBadge, paletteOf } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

/** Asks to resume, or approves what another principal has asked for. */
export const reportResume = (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  const [action, hash] = input.arguments;
  if (action === "request") {
    if (hash !== undefined) throw usageFault("`resume request` takes no hash; it makes one.");
    return withApi(input, context, (api) => request(api, input, context));
  }
  if (hash === undefined || !/^[0-9a-f]{64}$/.test(hash)) {
    throw usageFault("`resume approve` takes the 64 hexadecimal digits that were asked for.");
  }
  const approving = { ...input, role: "approver" } as const;
  return withApi(approving, context, (api) => approve(api, input, context, hash));
};

/** The ledger's units, a safe integer. */
const LedgerQuantity = z.int().transform((units) => units as Quantity);

const Snapshot = z.looseObject({
  positions: z.array(z.tuple([z.string(), LedgerQuantity])),
  inFlight: z.array(z.string()),
});

/** What the digest stands for, with shares in place of the ledger's units. */
const snapshotLines = (snapshot: unknown): string => {
  const read = Snapshot.safeParse(snapshot);
  if (!read.success) return toPlainLines(snapshot, 1).join("\n");
  const { positions, inFlight, ...rest } = read.data;
  const held = positions.map(([symbol, quantity]) => `${formatQuantity(quantity)} ${symbol}`);
  const lists = { positions: held.join(", ") || "none", inFlight: inFlight.join(", ") || "none" };
  return toPlainLines({ ...rest, ...lists }, 1).join("\n");
};

const request = async (
  api: HoldfastApi,
  input: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const asked = await api.change("/api/trading/resume/request", {}, ResumeRequestedBody);
  const { body, text } = orFail(asked);
  if (input.isJson) {
    context.write(`${text}\n`);
    return 0;
  }
  const { by, snapshotHash } = body.request;
  context.write(
    `${modeBadge(body.mode, paletteOf(context))} ${by} asks to resume trading as it stands:\n` +
      `${snapshotLines(body.snapshot)}\n` +
      `Another principal approves this until ${clockTime(body.expiresAtMs)} New York with:\n` +
      `  npm run holdfast -- resume approve ${snapshotHash}\n`,
  );
  return 0;
};

const approve = async (
  api: HoldfastApi,
  input: VerbInput,
  context: VerbContext,
  snapshotHash: string,
): Promise<ExitCode> => {
  if (context.ask !== undefined && input.options["yes"] !== true) {
    const { body } = orFail(await api.read("/api/trading/state", TradingStateBody));
    const held = Object.entries(body.held).map(([symbol, count]) => `${count} ${symbol}`);
    const { tradingState, resumeRequest } = body;
    const state = `${tradingState?.mode ?? "never opened"}: ${tradingState?.reason ?? ""}`;
    const question =
      `Trading is ${state} Held: ${held.join(", ") || "nothing"}; ` +
      `${body.inFlight.length} orders in flight. ` +
      `${resumeRequest?.by ?? "Nobody"} asks to resume.`;
    await confirm(input, context, question);
  }
  const wish = { snapshotHash };
  const approved = orFail(await api.change("/api/trading/resume/approve", wish, ResumedBody));
  const { body, text } = approved;
  const palette = paletteOf(context);
  const { mode, reason } = body.tradingState;
  const state = `${modeBadge(body.mode, palette)} Trading is ${levelText(mode, palette)}: ${reason}`;
  const snapshot = snapshotLines(body.snapshot);
  context.write(input.isJson ? `${text}\n` : `${state}\nApproved was:\n${snapshot}\n`);
  return 0;
};
