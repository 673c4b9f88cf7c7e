import * as z from "zod";
import type { WorkflowRun, WorkflowRuns } from "../../shared/adapters/aws/workflow-runs.ts";
import { DRILL_SCENARIOS } from "../../shared/domain/failover/deployed-drill.ts";
import { usageFault, VerbFault, type ExitCode, type VerbContext, type VerbInput } from "../verb.ts";

/** A drill against what is deployed, as it was asked for. */
export type DeployedDrillWish = {
  readonly what: "failover" | "restore";
  readonly workflowArn: string;
  /** Where the workflow runs: the Region that takes over, or whose backup is restored. */
  readonly region: string;
  /** Of a failover: which one, or `next` for the one whose turn it is. */
  readonly scenario: string;
};

/** What a drill against what is deployed needs. */
export type DrillOnAwsDeps = {
  readonly runs: WorkflowRuns;
  readonly nowMs: () => number;
  /** A name that no run had before. */
  readonly newName: () => string;
  /** Waits until the next look; false when nobody wants to follow any more. */
  readonly wait: () => Promise<boolean>;
};

const WORKFLOW = /^arn:aws:states:([a-z]{2}(?:-[a-z]+)+-\d):\d{12}:stateMachine:[\w-]{1,80}$/;
/** A drill ends within an hour and a half, a restore test within three; a look each few seconds. */
const LOOKS_MAX = 3_600;

/** Reads what was typed. Throws a `VerbFault` for what cannot be meant. */
export const readDeployedDrill = ({ arguments: [what], options }: VerbInput): DeployedDrillWish => {
  if (what !== "failover" && what !== "restore") {
    throw usageFault("--on-aws goes with `drill failover` and `drill restore`.");
  }
  const workflowArn = String(options["onAws"]);
  const region = WORKFLOW.exec(workflowArn)?.[1];
  if (region === undefined) {
    throw usageFault("--on-aws takes the ARN of the deployed workflow, arn:aws:states:...");
  }
  const scenario = String(options["scenario"] ?? "next");
  const known: readonly string[] = [...DRILL_SCENARIOS, "next"];
  if (what === "failover" && !known.includes(scenario)) {
    throw usageFault(`--scenario takes one of ${known.join(", ")} with --on-aws.`);
  }
  return { what, workflowArn, region, scenario };
};

/** Starts the workflow, says each of its steps once, and ends with what it came to. */
export const drillOnAws = async (
  wish: DeployedDrillWish,
  input: VerbInput,
  context: VerbContext,
  deps: DrillOnAwsDeps,
): Promise<ExitCode> => {
  const mode = await deps.runs.modeOf(wish.workflowArn);
  if (mode === undefined) throw new VerbFault("This workflow is none of Holdfast's.");
  if (mode === "live" && wish.what === "failover" && input.options["realMoney"] !== true) {
    throw new VerbFault("This deployment trades real money: --real-money says that it is meant.");
  }
  context.writeError(planOf(wish, mode));
  await confirmRegion(wish, input, context);
  const slot = new Date(deps.nowMs()).toISOString();
  const request = wish.what === "failover" ? { scenario: wish.scenario } : { slot };
  const runArn = await deps.runs.start(wish.workflowArn, deps.newName(), request);
  const run = await follow(runArn, context, deps);
  return tell(wish, run, runArn, input, context);
};

const planOf = ({ what, region, scenario }: DeployedDrillWish, mode: string): string =>
  what === "failover"
    ? `[${mode.toUpperCase()}] The other Region is struck by ${scenario}, for ten minutes at most; ` +
      `${region} is to take over, and keeps the account afterwards.\n` +
      "Nothing is struck unless trading is active and clean, and the market open for 40 minutes.\n"
    : `[${mode.toUpperCase()}] The newest backup of ${region} is rebuilt into a table of its own, ` +
      "checked, and taken away. Nothing that trades is touched.\n";

/** The Region's name is typed, so that nobody confirms a strike from the wrong one. */
const confirmRegion = async (
  { what, region }: DeployedDrillWish,
  { options }: VerbInput,
  { ask }: VerbContext,
): Promise<void> => {
  if (what === "restore" || ask === undefined || options["yes"] === true) return;
  const answer = await ask(`Type ${region} to go on: `);
  if (answer.trim() !== region) throw new VerbFault("Nothing was done.");
};

const follow = async (
  runArn: string,
  context: VerbContext,
  { runs, nowMs, wait }: DrillOnAwsDeps,
): Promise<WorkflowRun> => {
  const beganAtMs = nowMs();
  let said: string | undefined;
  let run = await runs.look(runArn);
  for (let look = 0; look < LOOKS_MAX; look++) {
    if (run.step !== undefined && run.step !== said) {
      const seconds = Math.round((nowMs() - beganAtMs) / 1_000);
      context.writeError(`${seconds.toString().padStart(5)} s  ${run.step}\n`);
      said = run.step;
    }
    if (run.status !== "running" || !(await wait())) return run;
    run = await runs.look(runArn);
  }
  return run;
};

const Output = z.looseObject({
  state: z.string().optional(),
  ok: z.boolean().optional(),
  detail: z.string(),
});

const tell = (
  { what }: DeployedDrillWish,
  run: WorkflowRun,
  runArn: string,
  { isJson }: VerbInput,
  context: VerbContext,
): ExitCode => {
  if (run.status === "running") {
    context.writeError(`It is not followed any more, and goes on by itself: ${runArn}\n`);
    return 1;
  }
  const output = readOutput(run.output);
  const detail = output?.detail ?? run.cause ?? "It came to nothing that can be read.";
  const isRefused = output?.state === "refused";
  const hasHeld = what === "restore" ? output?.ok === true : output?.ok !== false && !isRefused;
  const isOk = run.status === "succeeded" && output !== undefined && hasHeld;
  const body = { what, runArn, ok: isOk, refused: isRefused, detail };
  context.write(isJson ? `${JSON.stringify(body)}\n` : `${detail}\n`);
  return isOk ? 0 : 2;
};

const readOutput = (text: string | undefined): z.output<typeof Output> | undefined => {
  if (text === undefined) return undefined;
  try {
    const parsed = Output.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
};
