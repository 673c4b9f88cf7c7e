import type { RegionBody } from "../../shared/adapters/holdfast-api/contract/region.ts";

type Body = ReturnType<typeof RegionBody.parse>;

/**
 * Where a failover stands. `settling`: the other Region still has the account. `reducing`: it is
 * fenced off, exits only. `reconciling`: ledger and broker do not agree yet. `active`: over, and
 * trading. `stopped`: over, and not trading, because somebody or a limit decided so.
 */
export type FailoverStage = "settling" | "reducing" | "reconciling" | "active" | "stopped";

/** The stage, from what the Region that takes over says of the account. */
export const stageOf = (body: Body, to: string): FailoverStage => {
  if (body.activeRegion !== to) return "settling";
  if (!body.isTakeoverUnderWay) return body.tradingState?.mode === "active" ? "active" : "stopped";
  return body.reconciliation?.state === "clean" ? "reducing" : "reconciling";
};

/** How following a failover ended. */
export type Followed = {
  /** Null where nobody could be asked. */
  readonly stage: FailoverStage | null;
  /** The last that was heard; null where nothing was. */
  readonly body: Body | null;
  /** From the beginning; null where it never came to that. */
  readonly secondsToFence: number | null;
  readonly secondsToEnd: number | null;
};

/** What following needs of its surroundings. */
export type FollowDeps = {
  /** Undefined where the Region does not answer now. */
  readonly read: () => Promise<Body | undefined>;
  /** Waits until the next look; false when nobody wants to follow any more. */
  readonly wait: () => Promise<boolean>;
  readonly monotonicMs: () => number;
  readonly write: (line: string) => void;
};

/** The workflow itself ends within an hour; a person does not look on for so long. */
const LOOKS_MAX = 600;

/** Follows a failover to its end and says each stage once, with the seconds it took so far. */
export const followFailover = async (
  { from, to }: { readonly from: string; readonly to: string },
  deps: FollowDeps,
): Promise<Followed> => {
  const beganAtMs = deps.monotonicMs();
  const seconds = (): number => Math.round((deps.monotonicMs() - beganAtMs) / 1_000);
  let followed: Followed = { stage: null, body: null, secondsToFence: null, secondsToEnd: null };
  for (let look = 0; look < LOOKS_MAX; look++) {
    const body = await deps.read();
    if (body !== undefined) {
      const stage = stageOf(body, to);
      const isFenced = stage !== "settling";
      const isOver = stage === "active" || stage === "stopped";
      if (stage !== followed.stage) deps.write(lineOf(stage, body, { from, to }, seconds()));
      followed = {
        stage,
        body,
        secondsToFence: followed.secondsToFence ?? (isFenced ? seconds() : null),
        secondsToEnd: isOver ? seconds() : null,
      };
      if (isOver) return followed;
    }
    if (!(await deps.wait())) return followed;
  }
  return followed;
};

const lineOf = (
  stage: FailoverStage,
  body: Body,
  { from, to }: { readonly from: string; readonly to: string },
  seconds: number,
): string => {
  const epoch = body.epoch ?? 0;
  const text: Readonly<Record<FailoverStage, string>> = {
    settling: `${from} still has the account, under epoch ${epoch}.`,
    reducing: `${from} is fenced off: ${to} holds epoch ${epoch}. Exits only.`,
    reconciling: `${to} holds epoch ${epoch}, exits only; ${body.inFlight} orders are asked about.`,
    active: `${to} trades: ${body.tradingState?.reason ?? ""}`,
    stopped: `${to} does not trade: ${body.tradingState?.reason ?? ""}`,
  };
  return `${seconds.toString().padStart(4)} s  ${stage.padEnd(11)}  ${text[stage]}\n`;
};
