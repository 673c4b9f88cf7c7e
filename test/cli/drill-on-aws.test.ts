import { describe, expect, it } from "vitest";
import { drillOnAws, readDeployedDrill } from "../../bin/drill/drill-on-aws.ts";
import type { VerbContext } from "../../bin/verb.ts";
import { createWorkflowRuns } from "../../shared/adapters/aws/workflow-runs.ts";
import { RetryableError } from "../../shared/domain/fault.ts";

const ARN = "arn:aws:states:us-west-2:111111111111:stateMachine:failoverdrillworkflow-1";
const RUN = `${ARN.replace("stateMachine", "execution")}:cli-1`;

type Answer = { readonly status: string; readonly step: string; readonly output?: object };

/** Step Functions with one workflow of Holdfast, whose run stands so at each look. */
const openWorkflow = (mode: string | undefined, answers: readonly Answer[]) => {
  const asked: { readonly operation: string; readonly input: unknown }[] = [];
  let looks = 0;
  const answerTo = (operation: string): object => {
    const answer = answers[Math.min(looks, answers.length - 1)];
    const { status, output, step } = answer ?? { status: "ABORTED", step: "?" };
    switch (operation) {
      case "ListTagsForResource":
        return {
          tags:
            mode === undefined
              ? []
              : [
                  { key: "application", value: "holdfast" },
                  { key: "mode", value: mode },
                ],
        };
      case "StartExecution":
        return { executionArn: RUN };
      case "DescribeExecution":
        return { status, ...(output === undefined ? {} : { output: JSON.stringify(output) }) };
      default:
        looks += 1;
        return {
          events: [{ type: "WaitStateExited" }, { stateEnteredEventDetails: { name: step } }],
        };
    }
  };
  const send = async (command: { readonly operation: string; readonly input: object }) => {
    asked.push(command);
    return answerTo(command.operation);
  };
  return { runs: createWorkflowRuns({ send }), asked };
};

const drill = async (
  options: Record<string, string | boolean>,
  mode: string | undefined,
  answers: readonly Answer[],
  { what = "failover", ask }: { what?: string; ask?: VerbContext["ask"] } = {},
) => {
  const { runs, asked } = openWorkflow(mode, answers);
  const input = { arguments: [what], options: { onAws: ARN, ...options }, isJson: true };
  let [written, said, looks] = ["", "", 0];
  const context: VerbContext = {
    write: (text) => void (written += text),
    writeError: (text) => void (said += text),
    isTerminal: false,
    ask,
    environment: {},
    stopped: new AbortController().signal,
  };
  const deps = {
    runs,
    nowMs: () => looks * 5_000,
    newName: () => "cli-1",
    wait: async () => (looks += 1) < 20,
  };
  const run = drillOnAws(readDeployedDrill(input), input, context, deps);
  const code = await run.catch((error: unknown) => String(error));
  const started = asked.find(({ operation }) => operation === "StartExecution");
  return {
    code,
    said,
    started,
    body: written === "" ? undefined : (JSON.parse(written) as object),
  };
};

const HELD = { state: "done", ok: true, detail: "The drill held: fenced after 80 s." };

describe("a drill against what is deployed", () => {
  it("is started, followed step by step, and says what it came to", async () => {
    const { code, said, started, body } = await drill({ scenario: "partition" }, "paper", [
      { status: "RUNNING", step: "Prepare" },
      { status: "RUNNING", step: "Observe" },
      { status: "RUNNING", step: "Observe" },
      { status: "SUCCEEDED", step: "Reported", output: HELD },
    ]);
    expect(code).toBe(0);
    const request = { stateMachineArn: ARN, name: "cli-1", input: '{"scenario":"partition"}' };
    expect(started?.input).toEqual(request);
    expect(said).toContain("us-west-2 is to take over");
    expect(said.match(/s {2}\w+/g)).toEqual(["s  Prepare", "s  Observe", "s  Reported"]);
    expect(body).toEqual({
      what: "failover",
      runArn: RUN,
      ok: true,
      refused: false,
      detail: HELD.detail,
    });
  });

  it.each([
    ["was refused", { state: "refused", detail: "The market is closed." }, "SUCCEEDED"],
    ["did not hold", { ...HELD, ok: false }, "SUCCEEDED"],
    ["broke", undefined, "FAILED"],
    ["was stopped", undefined, "ABORTED"],
  ])("ends with 2 where it %s", async (_name, output, status) => {
    const end = { status, step: "End", ...(output === undefined ? {} : { output }) };
    const { code, body } = await drill({}, "paper", [end]);
    expect([code, body]).toMatchObject([2, { ok: false }]);
  });

  it("goes on unseen where nobody wants to follow it any more", async () => {
    const { code, said } = await drill({}, "paper", [{ status: "RUNNING", step: "Observe" }]);
    expect(code).toBe(1);
    expect(said).toContain(RUN);
  });

  it("starts nothing without the Region's name, nor with real money unless that is said", async () => {
    const answers = [{ status: "SUCCEEDED", step: "Reported", output: HELD }];
    for (const [options, mode, typed] of [
      [{}, "paper", "yes"],
      [{}, "paper", "us-east-2"],
      [{}, "live", "us-west-2"],
      [{}, undefined, "us-west-2"],
    ] as const) {
      const { code, started } = await drill(options, mode, answers, { ask: async () => typed });
      expect(code).toMatch(/Nothing was done|real money|none of Holdfast/);
      expect(started).toBeUndefined();
    }
    const meant = { ask: async () => "us-west-2" };
    expect((await drill({ realMoney: true }, "live", answers, meant)).code).toBe(0);
  });

  it("proves a backup by the workflow of the night, and reads its report", async () => {
    const report = { ok: true, detail: "28 items and 8 orders are whole." };
    const { code, started, body } = await drill(
      {},
      "live",
      [{ status: "SUCCEEDED", step: "Succeeded", output: report }],
      { what: "restore" },
    );
    expect([code, body]).toMatchObject([0, { ok: true, detail: report.detail }]);
    expect(started?.input).toMatchObject({ input: '{"slot":"1970-01-01T00:00:00.000Z"}' });
  });

  it.each([
    [{ arguments: ["kills"], options: { onAws: ARN } }, /failover` and `drill restore/],
    [{ arguments: ["failover"], options: { onAws: "drill" } }, /takes the ARN/],
    [{ arguments: ["failover"], options: { onAws: ARN, scenario: "zombie" } }, /--scenario takes/],
  ])("refuses what cannot be meant: %j", (input, message) => {
    expect(() => readDeployedDrill({ ...input, isJson: false })).toThrow(message);
  });

  it("is a fault where Step Functions does not answer, or not so that it can be read", async () => {
    const silent = createWorkflowRuns({ send: async () => Promise.reject(new Error("silent")) });
    await expect(silent.look(RUN)).rejects.toThrow(RetryableError);
    const odd = createWorkflowRuns({ send: async () => ({ some: "page" }) });
    await expect(odd.start(ARN, "a", {})).rejects.toThrow(RetryableError);
  });
});
