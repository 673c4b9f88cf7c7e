import { chmodSync, statSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { authorizeWish } from "../../../local/world/authorize-wish.ts";
import {
  createOperatorTokens,
  operatorOf,
  readTokensFile,
  tokensFileOf,
  writeTokensFile,
} from "../../../local/world/operator-tokens.ts";
import { createHostRandom } from "../../../shared/adapters/host/random.ts";
import { makeStateDirectory, removeDirectory } from "./local-world.ts";

const state = makeStateDirectory();
afterAll(() => removeDirectory(state));

const tokens = createOperatorTokens(createHostRandom());
const HALT = "/api/trading/halt";
const APPROVE = "/api/trading/resume/approve";

describe("the tokens of a local world", () => {
  it("let nobody in but their holders", () => {
    fc.assert(
      fc.property(fc.option(fc.string(), { nil: undefined }), (header) => {
        expect(operatorOf(tokens, header)).toBeUndefined();
      }),
    );
    expect(operatorOf(tokens, `Bearer ${tokens.operator}x`)).toBeUndefined();
    expect(operatorOf(tokens, tokens.operator)).toBeUndefined();
    expect(operatorOf(tokens, `bearer ${tokens.approver}`)?.principal).toBe("approver");
  });

  it("are two, and only the approver's approves", () => {
    const ask = (path: string, token: string) => authorizeWish(tokens, path, `Bearer ${token}`);
    expect(ask(HALT, tokens.operator)).toEqual({ type: "authorized", principal: "operator" });
    expect(ask(HALT, tokens.approver)).toEqual({ type: "authorized", principal: "approver" });
    expect(ask(APPROVE, tokens.approver)).toEqual({ type: "authorized", principal: "approver" });
    expect(ask(APPROVE, tokens.operator)).toMatchObject({ type: "refused", status: 403 });
    expect(ask(APPROVE, "else")).toMatchObject({ type: "refused", status: 401 });
  });

  it("are kept for this user alone, even where a file for all was left behind", () => {
    writeFileSync(`${tokensFileOf(state)}.next`, "");
    chmodSync(`${tokensFileOf(state)}.next`, 0o666);
    writeTokensFile(state, tokens);
    expect(statSync(tokensFileOf(state)).mode & 0o777).toBe(0o600);
    expect(readTokensFile(state)).toEqual(tokens);
  });

  it("are none where there is no file, or a damaged one", () => {
    expect(readTokensFile(`${state}/nowhere`)).toBeUndefined();
    writeFileSync(tokensFileOf(state), "{");
    expect(readTokensFile(state)).toBeUndefined();
  });
});
