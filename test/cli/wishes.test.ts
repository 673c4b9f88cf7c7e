import { takeOver } from "../../shared/domain/risk/change-cell.ts";
import { haltTrading } from "../../shared/domain/risk/trading-state.ts";
import { afterEach, describe, expect, it } from "vitest";
import { runCommandLine } from "../../bin/command-line.ts";
import { VERBS } from "../../bin/main.ts";
import { vendors } from "../../bin/verbs/vendors.ts";
import { startWorldServer } from "../../local/world/http-server.ts";
import { routeApi } from "../../local/world/route-api.ts";
import { writeTokensFile } from "../../local/world/operator-tokens.ts";
import { ok } from "../../shared/domain/result.ts";
import { usd } from "../../shared/domain/market/money.ts";
import { makeStateDirectory, removeDirectory } from "../local/world/local-world.ts";
import {
  holdingCell,
  IBM,
  openWorld,
  TEN_MS,
  tradingCell,
  type CycleWorld,
} from "../use-cases/cycle-world.ts";
import { runVerb } from "./run-verb.ts";

const TOKENS = { operator: "token-of-the-operator", approver: "token-of-the-approver" };

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type Place = { readonly world: CycleWorld; readonly url: string; readonly state: string };

/** The local world's own server in front of functions on memory, and a folder with its tokens. */
const openPlace = async (): Promise<Place> => {
  const world = openWorld();
  await world.save(tradingCell(world.settings, TEN_MS));
  const state = makeStateDirectory();
  writeTokensFile(state, TOKENS);
  const server = await startWorldServer({
    port: 0,
    mode: "sim",
    files: [],
    tokens: TOKENS,
    nowMs: world.nowMs,
    onFailure: () => undefined,
    answerApi: async (event) => {
      const { statusCode = 500, body = "" } = await routeApi(world.functions, event)(event);
      return { status: statusCode, headers: {}, body };
    },
  });
  if (!server.ok) throw new Error(server.error.sentence);
  closers.push(server.value.close, () => removeDirectory(state));
  return { world, url: server.value.url, state };
};

const run = async (
  place: Place,
  words: readonly string[],
  shell: {
    readonly answer?: string;
    readonly environment?: Readonly<Record<string, string>>;
    readonly state?: string;
  } = {},
) => {
  let out = "";
  let errors = "";
  const asked: string[] = [];
  const { answer, environment = {}, state = place.state } = shell;
  const where = ["--state", state];
  const code = await runCommandLine(VERBS, [...words, "--url", place.url, ...where], {
    write: (text) => {
      out += text;
    },
    writeError: (text) => {
      errors += text;
    },
    isTerminal: false,
    ask:
      answer === undefined
        ? undefined
        : async (question) => {
            asked.push(question);
            return answer;
          },
    environment,
    stopped: new AbortController().signal,
  });
  return { code, out, errors, asked };
};

const stateOf = async ({ world }: Place) => {
  const cell = await world.ledger.loadCell("main");
  return cell.ok ? cell.value?.tradingState : undefined;
};

/** The vendor's broker in this world does not know the account; here it does. */
const letReconcile = ({ world }: Place): void => {
  Object.assign(world.ports.broker, {
    readAccount: async () =>
      ok({
        equity: usd(100_000),
        lastEquity: usd(100_000),
        cash: usd(100_000),
        buyingPower: usd(100_000),
        isBlocked: false,
        canShort: false,
      }),
  });
};

/** The other Region has the account, and failovers into this one are started on paper. */
const letFailOver = async ({ world }: Place): Promise<readonly unknown[]> => {
  const started: unknown[] = [];
  await world.save({ ...tradingCell(world.settings, TEN_MS), activeRegion: "us-west-2" });
  Object.assign(world.failovers, {
    start: async (_name: string, wish: unknown) => {
      started.push(wish);
      const cell = tradingCell(world.settings, TEN_MS);
      await world.save({ ...cell, version: cell.version + 1, epoch: cell.epoch + 1 });
    },
  });
  return started;
};

describe("halt", () => {
  it("halts in the name of the token, never asks, and leaves with 0 once it is proven", async () => {
    const place = await openPlace();
    const { code, out, asked } = await run(place, ["halt", "--reason", "A test."], {
      answer: "no",
    });
    expect({ code, asked }).toEqual({ code: 0, asked: [] });
    expect(out).toContain("[SIM] Trading is halted: A test. (operator)");
    expect(await stateOf(place)).toMatchObject({ mode: "halted", by: "operator" });
  });

  it("is shown by status, which leaves with 3", async () => {
    const place = await openPlace();
    await run(place, ["halt", "--reason", "A test."]);
    const { code, out } = await run(place, ["status"]);
    expect(code).toBe(3);
    expect(out).toContain("halted for 0 s  A test. (operator)");
  });

  it.each([[["halt"]], [["halt", "--reason", " "]], [["flatten"]], [["resume", "approve"]]])(
    "does nothing for wrong words: %s",
    async (words) => {
      const place = await openPlace();
      const { code, errors } = await run(place, words);
      expect(code).toBe(64);
      expect(errors).toMatch(/^holdfast: .+\.\n$/);
      expect(await stateOf(place)).toMatchObject({ mode: "active" });
    },
  );

  it("without a token, or with a wrong one, changes nothing and says what it takes", async () => {
    const place = await openPlace();
    const empty = makeStateDirectory();
    closers.push(() => removeDirectory(empty));
    const none = await run(place, ["halt", "--reason", "A test."], { state: empty });
    const environment = { HOLDFAST_TOKEN: "a-guess" };
    const wrong = await run(place, ["halt", "--reason", "A test."], { environment });
    for (const { code, errors } of [none, wrong]) {
      expect(code).toBe(2);
      expect(errors).toContain("--token or HOLDFAST_TOKEN");
    }
    expect(await stateOf(place)).toMatchObject({ mode: "active" });
  });

  it("prefers the token on the command line to all others", async () => {
    const place = await openPlace();
    const environment = { HOLDFAST_TOKEN: "a-guess" };
    const words = ["halt", "--reason", "A test.", "--token", TOKENS.approver];
    expect((await run(place, words, { environment })).code).toBe(0);
    expect(await stateOf(place)).toMatchObject({ by: "approver" });
  });
});

describe("flatten", () => {
  it("asks at a terminal, and does nothing without a yes", async () => {
    const place = await openPlace();
    const words = ["flatten", "--reason", "A test.", "--suspend"];
    const { code, asked, errors } = await run(place, words, { answer: "y" });
    expect(code).toBe(2);
    expect(asked).toHaveLength(1);
    expect(errors).toContain("Nothing was done.");
    expect(await stateOf(place)).toMatchObject({ mode: "active" });
  });

  it.each([
    ["without a terminal", [], undefined],
    ["with --yes", ["--yes"], "no"],
    ["with a yes", [], "yes"],
  ])("goes on %s", async (_name, more, answer) => {
    const place = await openPlace();
    const words = ["flatten", "--reason", "A test.", "--json", ...more];
    const { out } = await run(place, words, answer === undefined ? {} : { answer });
    expect(JSON.parse(out)).toMatchObject({ mode: "sim", exits: [] });
    expect(await stateOf(place)).toMatchObject({ reason: expect.stringContaining("A test.") });
  });
});

describe("resume", () => {
  it("takes two tokens: one asks, status shows it, and the other approves that hash", async () => {
    const place = await openPlace();
    letReconcile(place);
    await run(place, ["halt", "--reason", "A test."]);
    const asked = await run(place, ["resume", "request", "--json"]);
    expect(asked.code).toBe(0);
    const { request } = JSON.parse(asked.out) as { request: { snapshotHash: string } };
    const shown = await run(place, ["status"]);
    expect(shown.out).toContain(`approve with: resume approve ${request.snapshotHash}`);

    const own = ["resume", "approve", request.snapshotHash, "--token", TOKENS.operator];
    const refused = await run(place, own);
    expect(refused.code).toBe(2);
    expect(refused.errors).toContain("scope approve");

    const approved = await run(place, ["resume", "approve", request.snapshotHash]);
    expect(approved).toMatchObject({ code: 0, errors: "" });
    expect(approved.out).toContain("asked for by operator, approved by approver");
    expect(await stateOf(place)).toMatchObject({ mode: "active" });
  });

  it("shows what is approved as a person counts it: shares, and not the ledger's units", async () => {
    const place = await openPlace();
    letReconcile(place);
    const cell = haltTrading(holdingCell(tradingCell(place.world.settings, TEN_MS), IBM, 2), {
      reason: "A test.",
      by: "operator",
      atMs: TEN_MS,
    });
    await place.world.save(cell);
    const { out } = await run(place, ["resume", "request"]);
    expect(out).toContain("  positions: 2 IBM\n  inFlight: none\n");
    const status = await run(place, ["status"]);
    expect(status.out).toMatch(/^Data +not polled/m);
  });

  it("says in a sentence why it is refused", async () => {
    const place = await openPlace();
    expect(await run(place, ["resume", "request"])).toMatchObject({
      code: 2,
      errors: "holdfast: Trading is active already.\n",
    });
  });
});

describe("vendors", () => {
  it("says before the first poll that nothing was polled yet, whatever a cycle says", async () => {
    const { url } = await openPlace();
    const { output, exitCode } = await runVerb(vendors, "--url", url);
    expect(output).toContain("Market data: not polled yet\n");
    expect(exitCode).toBe(2);
  });
});

describe("reconcile", () => {
  it("leaves with 0 when ledger and broker agree, with 1 and the difference when not", async () => {
    const place = await openPlace();
    const torn = await run(place, ["reconcile"]);
    expect(torn.code).toBe(1);
    expect(torn.out).toContain("- The broker could not be read");
    letReconcile(place);
    expect(await run(place, ["reconcile"])).toMatchObject({ code: 0 });
  });
});

describe("dead-letters", () => {
  it("lists what lies there with 1, puts one aside in the name of the token, and is empty then", async () => {
    const place = await openPlace();
    await place.world.queues.dead.send([{ body: "{", group: "main", deduplicationId: "a" }]);
    const listed = await run(place, ["dead-letters", "list"]);
    expect(listed.code).toBe(1);
    expect(listed.out).toContain("1 dead letter\n");
    expect(listed.out).toMatch(/orders +- +0 +is put aside +The message is not JSON\. +message-1/);
    const wrong = await run(place, ["dead-letters", "quarantine", "message-9", "--reason", "No."]);
    expect(wrong.code).toBe(2);
    const words = ["dead-letters", "quarantine", "message-1", "--reason", "Not wanted."];
    const put = await run(place, [...words, "--json"]);
    expect(JSON.parse(put.out)).toMatchObject({ letters: [{ reason: "operator: Not wanted." }] });
    expect(await run(place, ["dead-letters", "list"])).toMatchObject({ code: 0 });
    expect(place.world.alerts.published()).toHaveLength(1);
  });

  it("brings back only after a yes, and takes an id for one letter alone", async () => {
    const place = await openPlace();
    expect((await run(place, ["dead-letters", "redrive"], { answer: "no" })).code).toBe(2);
    expect(await run(place, ["dead-letters", "redrive", "--yes"])).toMatchObject({ code: 0 });
    expect((await run(place, ["dead-letters", "redrive", "message-1"])).code).toBe(64);
    expect((await run(place, ["dead-letters", "quarantine", "--reason", "x"])).code).toBe(64);
  });
});

describe("explain", () => {
  it("says that there is no such order", async () => {
    const place = await openPlace();
    const id = "hf_core_main_SPY_20131007_0935_buy_entry_0";
    const { code, out, errors } = await run(place, ["explain", id]);
    const sentence =
      `There is no order ${id} in the ledger of account main at ${place.url}; ` +
      "`orders` lists the session's, and --url asks another Holdfast.";
    expect([code, out, errors]).toEqual([2, "", `holdfast: ${sentence}\n`]);
    const json = await run(place, ["explain", id, "--json"]);
    const document = { clientOrderId: id, account: "main", url: place.url, isKnown: false };
    expect(JSON.parse(json.out)).toEqual({ ...document, detail: sentence });
    expect([json.code, json.errors]).toEqual([2, `holdfast: ${sentence}\n`]);
  });

  it("takes nothing but a client order id", async () => {
    const place = await openPlace();
    const { code, errors } = await run(place, ["explain", "nope"]);
    expect(code).toBe(64);
    expect(errors).toContain("client order id");
  });
});

describe("failover", () => {
  const words = ["failover", "--reason", "A test."];

  it("is refused with one sentence into the active Region, and changes nothing", async () => {
    const place = await openPlace();
    const before = await stateOf(place);
    const { code, errors } = await run(place, words, { answer: "us-east-2" });
    expect(code).toBe(2);
    expect(errors).toContain("us-east-2 is the active Region already.");
    expect(await stateOf(place)).toEqual(before);
  });

  it("shows what will happen, takes the Region's name, and begins in the name of the token", async () => {
    const place = await openPlace();
    letReconcile(place);
    const started = await letFailOver(place);
    const refused = await run(place, words, { answer: "yes" });
    expect(refused).toMatchObject({ code: 2, asked: ["Type us-east-2 to go on: "] });
    expect(refused.out).toContain("main goes from us-west-2 to us-east-2.");
    expect(started).toEqual([]);
    const begun = await run(place, [...words, "--planned"], { answer: "us-east-2" });
    expect(begun.code).toBe(0);
    expect(begun.out).toMatch(/ {3}0 s {2}active {7}us-east-2 trades/);
    expect(started).toEqual([
      { to: "us-east-2", reason: "A test.", by: "operator", isPlanned: true },
    ]);
  });

  it("is refused while one is running, and changes nothing", async () => {
    const place = await openPlace();
    letReconcile(place);
    const started = await letFailOver(place);
    const cell = tradingCell(place.world.settings, TEN_MS);
    await place.world.save(takeOver({ ...cell, activeRegion: "us-west-2" }, "us-east-2", TEN_MS));
    const before = await place.world.ledger.loadCell("main");
    const { code, errors } = await run(place, words, { answer: "us-east-2" });
    expect(code).toBe(2);
    expect(errors).toContain("A takeover by us-east-2 (epoch 2) is under way");
    expect(errors.trim().split("\n")).toHaveLength(1);
    expect(started).toEqual([]);
    expect(await place.world.ledger.loadCell("main")).toEqual(before);
  });

  it("leaves at once with --detach, and says in one document what it began", async () => {
    const place = await openPlace();
    letReconcile(place);
    const started = await letFailOver(place);
    const { code, out } = await run(place, [...words, "--detach", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ from: "us-west-2", to: "us-east-2", epoch: 1 });
    expect(started).toHaveLength(1);
  });

  it("is refused into a Region that is not asked, and without a broker", async () => {
    const place = await openPlace();
    const started = await letFailOver(place);
    const before = await place.world.ledger.loadCell("main");
    const other = await run(place, [...words, "--to", "eu-west-9"]);
    expect(other.errors).toContain("ask the API of the Region that shall take over");
    const broken = await run(place, words);
    expect(broken.errors).toContain("The broker cannot be reached from us-east-2");
    expect([other.code, broken.code]).toEqual([2, 2]);
    for (const { errors } of [other, broken]) expect(errors.trim().split("\n")).toHaveLength(1);
    expect(started).toEqual([]);
    expect(await place.world.ledger.loadCell("main")).toEqual(before);
  });
});

describe("region status", () => {
  it("says who has the account, under which epoch, and who says it is alive", async () => {
    const place = await openPlace();
    const { code, out } = await run(place, ["region", "status"]);
    expect(code).toBe(0);
    expect(out).toContain("us-east-2 has main under epoch 1 (this Region).");
    expect(out).toContain("No Region has ever kept a lease");
  });
});
