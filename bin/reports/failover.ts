import { FailoverBody, RegionBody } from "../../shared/adapters/holdfast-api/contract.ts";
import { VerbFault, type ExitCode, type VerbContext, type VerbInput } from "../verb.ts";
import { readReason } from "./read-reason.ts";
import { modeBadge, paletteOf } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

type Plan = ReturnType<typeof FailoverBody.parse>;

/** Hands the account over to the Region that is asked; 0 once it has begun. */
export const reportFailover = (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  const reason = readReason(input);
  const isPlanned = input.options["planned"] === true;
  return withApi<ExitCode>(input, context, async (api) => {
    const given = input.options["to"];
    const to =
      typeof given === "string"
        ? given
        : orFail(await api.read("/api/region", RegionBody)).body.region;
    const wish = { to, reason, isPlanned };
    const plan = orFail(await api.change("/api/failover/plan", wish, FailoverBody)).body;
    // In JSON mode stdout holds the one document; what will happen is said all the same.
    const show = input.isJson ? context.writeError : context.write;
    show(planText(plan, isPlanned, context));
    await confirmRegion(input, context, plan.to);
    const { text } = orFail(await api.change("/api/failover", wish, FailoverBody));
    const begun = "It has begun and goes on by itself; `region status` shows how it stands.\n";
    context.write(input.isJson ? `${text}\n` : begun);
    return 0;
  });
};

const planText = (plan: Plan, isPlanned: boolean, context: VerbContext): string => {
  const { account, from, to, epoch, tradingMode, inFlight, unknown } = plan;
  const first = isPlanned
    ? `${from} goes on until its ${unknown} unknown orders are settled, for 45 s at most.`
    : `${from} is taken for dead; nobody waits for it.`;
  const last =
    tradingMode === "active"
      ? `When ledger and broker agree, ${to} trades. Until then only exits go.`
      : `Trading is ${tradingMode} and stays so: a failover makes nothing active.`;
  return [
    `${modeBadge(plan.mode, paletteOf(context))} ${account} goes from ${from} to ${to}.`,
    `1. ${first}`,
    `2. One conditional write ends epoch ${epoch}: from then on ${from} can send no order.`,
    `3. ${to} asks the broker for each of the ${inFlight} orders in flight; none is sent again.`,
    `4. ${last}`,
    'To stop it on the way: npm run holdfast -- halt --reason "WHY"\n',
  ].join("\n");
};

/** The Region's name is typed, so that nobody confirms a switch into the wrong one. */
const confirmRegion = async (input: VerbInput, context: VerbContext, to: string): Promise<void> => {
  if (context.ask === undefined || input.options["yes"] === true) return;
  const answer = await context.ask(`Type ${to} to go on: `);
  if (answer.trim() !== to) throw new VerbFault("Nothing was done.");
};
