import { setTimeout as delay } from "node:timers/promises";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { FailoverBody, RegionBody } from "../../shared/adapters/holdfast-api/contract/region.ts";
import { VerbFault, type ExitCode, type VerbContext, type VerbInput } from "../verb.ts";
import { followFailover, type Followed } from "./follow-failover.ts";
import { readReason } from "./read-reason.ts";
import { modeBadge, paletteOf } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

type Plan = ReturnType<typeof FailoverBody.parse>;

/**
 * Hands the account over to the Region that is asked, and follows it: 0 once that one trades, 3 if
 * trading is halted at its end, 1 if it goes on unseen, 2 if it was refused.
 */
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
    // In JSON mode stdout holds the one document; what happens is said all the same.
    const show = input.isJson ? context.writeError : context.write;
    show(planText(plan, isPlanned, context));
    await confirmRegion(input, context, plan.to);
    const { text } = orFail(await api.change("/api/failover", wish, FailoverBody));
    if (input.options["detach"] === true) {
      const begun = "It has begun and goes on by itself; `region status` shows how it stands.\n";
      context.write(input.isJson ? `${text}\n` : begun);
      return 0;
    }
    const followed = await followFailover(plan, {
      read: async () => {
        const read = await api.read("/api/region", RegionBody);
        return read.ok ? read.value.body : undefined;
      },
      wait: async () => {
        await delay(LOOK_EVERY_MS, undefined, { signal: context.stopped }).catch(() => undefined);
        return !context.stopped.aborted;
      },
      monotonicMs: createHostClock().monotonicMs,
      write: show,
    });
    if (input.isJson) context.write(`${JSON.stringify(toJson(plan, followed))}\n`);
    return endOf(followed, context);
  });
};

const LOOK_EVERY_MS = 1_000;

/** The one document: what it started from, and how it ended. */
const toJson = (plan: Plan, { stage, body, secondsToFence, secondsToEnd }: Followed) => ({
  ...plan,
  stage,
  epoch: body?.epoch ?? plan.epoch,
  tradingState: body?.tradingState ?? null,
  secondsToFence,
  secondsToEnd,
});

const endOf = ({ stage, body }: Followed, context: VerbContext): ExitCode => {
  if (stage === "active") return 0;
  if (stage === "stopped") return body?.tradingState?.mode === "halted" ? 3 : 1;
  context.writeError(
    "It is not followed any more, and goes on by itself: `region status` shows how it stands, " +
      "`halt` stops it.\n",
  );
  return 1;
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
    `To stop it before ${to} trades: npm run holdfast -- halt --reason "WHY"\n`,
  ].join("\n");
};

/** The Region's name is typed, so that nobody confirms a switch into the wrong one. */
const confirmRegion = async (input: VerbInput, context: VerbContext, to: string): Promise<void> => {
  if (context.ask === undefined || input.options["yes"] === true) return;
  const answer = await context.ask(`Type ${to} to go on: `);
  if (answer.trim() !== to) throw new VerbFault("Nothing was done.");
};
