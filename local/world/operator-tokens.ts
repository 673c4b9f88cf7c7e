import { createHash, timingSafeEqual } from "node:crypto";
import { closeSync, fchmodSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import type { Random } from "../../shared/ports/random.ts";

/** Who may change something in a local world: two, because resuming takes two. */
export type OperatorTokens = { readonly operator: string; readonly approver: string };

/** Someone whose token is known, and what that token is good for. */
export type Operator = {
  readonly principal: keyof OperatorTokens;
  readonly scopes: readonly ("operate" | "approve")[];
};

const FILE = "tokens.json";
const TokensFile = z.strictObject({ operator: z.string(), approver: z.string() });

/** Makes the tokens of one run of a world. */
export const createOperatorTokens = (random: Pick<Random, "id">): OperatorTokens => ({
  operator: random.id(),
  approver: random.id(),
});

/** Where a world's tokens are kept. */
export const tokensFileOf = (stateDirectory: string): string => join(stateDirectory, FILE);

/** Keeps the tokens for programs of the same user on this machine: nobody else can read them. */
export const writeTokensFile = (stateDirectory: string, tokens: OperatorTokens): void => {
  const path = tokensFileOf(stateDirectory);
  const temporary = `${path}.next`;
  const file = openSync(temporary, "w", 0o600);
  try {
    // A file that was left behind keeps its own mode.
    fchmodSync(file, 0o600);
    writeSync(file, `${JSON.stringify(tokens)}\n`);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
};

/** The tokens of the world that runs, or ran last, in a folder; `undefined` without any. */
export const readTokensFile = (stateDirectory: string): OperatorTokens | undefined => {
  try {
    return TokensFile.parse(JSON.parse(readFileSync(tokensFileOf(stateDirectory), "utf8")));
  } catch {
    return undefined;
  }
};

/** Whose token an `authorization` header carries; `undefined` for nobody's. */
export const operatorOf = (
  tokens: OperatorTokens,
  authorization: string | undefined,
): Operator | undefined => {
  const given = /^Bearer (\S{1,128})$/i.exec(authorization ?? "")?.[1];
  if (given === undefined) return undefined;
  if (isSame(given, tokens.operator)) return { principal: "operator", scopes: ["operate"] };
  if (isSame(given, tokens.approver)) {
    return { principal: "approver", scopes: ["operate", "approve"] };
  }
  return undefined;
};

/** Takes the same time whatever differs. */
const isSame = (left: string, right: string): boolean =>
  timingSafeEqual(digestOf(left), digestOf(right));

const digestOf = (text: string): Buffer => createHash("sha256").update(text).digest();
