import { afterEach, describe, expect, it } from "vitest";
import { runCommandLine } from "../../bin/command-line.ts";
import { VERBS } from "../../bin/main.ts";
import { startWorldServer } from "../../local/world/http-server.ts";
import { routeApi } from "../../local/world/route-api.ts";
import { openWorld, TEN_MS, tradingCell, type CycleWorld } from "../use-cases/cycle-world.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** The local world's own server in front of functions on memory. */
const serve = async (): Promise<{ readonly world: CycleWorld; readonly url: string }> => {
  const world = openWorld();
  await world.save(tradingCell(world.settings, TEN_MS));
  const server = await startWorldServer({
    port: 0,
    mode: "sim",
    files: [],
    tokens: { operator: "operator", approver: "approver" },
    nowMs: world.nowMs,
    onFailure: () => undefined,
    answerApi: async (event) => {
      const answer = await routeApi(world.functions, event)(event);
      const { statusCode = 500, headers = {}, body = "" } = answer;
      const texts = Object.entries(headers).map(([name, value]) => [name, String(value)]);
      return { status: statusCode, headers: Object.fromEntries(texts), body };
    },
  });
  if (!server.ok) throw new Error(server.error.sentence);
  closers.push(server.value.close);
  return { world, url: server.value.url };
};

const runVerb = async (url: string, words: readonly string[]) => {
  let out = "";
  let errors = "";
  const stop = new AbortController();
  const code = await runCommandLine(VERBS, [...words, "--url", url], {
    write: (text) => {
      out += text;
      if (out.split("COMPONENT").length > 1) stop.abort();
    },
    writeError: (text) => {
      errors += text;
    },
    isTerminal: false,
    environment: {},
    stopped: stop.signal,
  });
  return { code, out, errors };
};

const run = (url: string, words: readonly string[]) => runVerb(url, ["health", ...words]);
const runAlerts = (url: string, words: readonly string[]) =>
  runVerb(url, ["alerts", ...words, "--state", "no-such-folder"]);

describe("health", () => {
  it("shows what failed in a component lately, and refuses one that there is not", async () => {
    const { world, url } = await serve();
    await world.telemetry.recordEvidence({
      component: "broker",
      atMs: world.nowMs(),
      succeeded: false,
      detail: "The broker did not answer.",
      latencyMs: null,
      dataAgeMs: null,
      fault: null,
    });
    const found = await run(url, ["--errors", "broker"]);
    expect(found.code).toBe(0);
    expect(found.out).toContain("[SIM] broker: 1 of its newest 1 pieces of evidence are failures.");
    expect(found.out).toContain("The broker did not answer.");
    const none = await run(url, ["--errors", "no-such"]);
    expect(none.code).toBe(2);
    expect(none.errors).toContain("There is no such component; there are trading-cycle");
  });

  it("shows how it was, newest first", async () => {
    const { world, url } = await serve();
    await world.functions.aggregateHealth({});
    const { code, out } = await run(url, ["--history"]);
    expect(code).toBe(1);
    expect(out).toMatch(/TIME\s+AGO\s+LEVEL\s+REASON\n[\d:]+\s+0 s\s+DEGRADED/);
  });

  it("watches until it is stopped, and leaves with the level that it saw last", async () => {
    const { url } = await serve();
    expect(await run(url, ["--watch", "3600"])).toMatchObject({ code: 1 });
    for (const wrong of ["0", "3601", "1.5", "often"]) {
      const { code, errors } = await run(url, ["--watch", wrong]);
      expect(code).toBe(64);
      expect(errors).toContain("--watch takes whole seconds from 1 to 3600");
    }
  });
});

describe("metrics", () => {
  it("are served as OpenMetrics text to whoever collects them", async () => {
    const { world, url } = await serve();
    await world.functions.aggregateHealth({});
    const answer = await fetch(`${url}/metrics`);
    expect(answer.headers.get("content-type")).toMatch(/^application\/openmetrics-text/);
    const text = await answer.text();
    expect(text).toContain('holdfast_system_health{level="DEGRADED"} 1\n');
    expect(text).toContain('holdfast_trading_state{state="active"} 1\n');
    expect(text).toContain('holdfast_work_latency_seconds{component="aggregate-health"');
    expect(text.endsWith("# EOF\n")).toBe(true);
  });
});

describe("alerts", () => {
  it("are listed with whether they were told, and a test shows the way", async () => {
    const { world, url } = await serve();
    await world.telemetry.recordEvidence({
      component: "broker",
      atMs: world.nowMs(),
      succeeded: false,
      detail: "It does not answer.",
      latencyMs: null,
      dataAgeMs: null,
      fault: null,
    });
    await world.functions.aggregateHealth({});
    const listed = await runAlerts(url, ["list"]);
    expect(listed.code).toBe(1);
    expect(listed.out).toContain("[SIM] 1 incident stands.");
    expect(listed.out).toMatch(/critical\s+0 s\s+yes\s+system-health-us-east-2\s/);
    const tested = await runAlerts(url, ["test", "--token", "operator"]);
    expect(tested.code).toBe(0);
    expect(tested.out).toContain("test-us-east-2-2013-10-07T14:00:00.000Z: It was handed over");
    expect((await runAlerts(url, ["list"])).out).toMatch(/over\s+0 s\s+yes\s+test-us-east-2/);
  });

  it("cannot be sent without a token", async () => {
    const { url } = await serve();
    expect((await runAlerts(url, ["test"])).code).toBe(2);
  });
});
