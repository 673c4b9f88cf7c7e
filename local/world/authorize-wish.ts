import { operatorOf, type Operator, type OperatorTokens } from "./operator-tokens.ts";

/** A wish of somebody who may have it, or the answer to one who may not. */
export type AuthorizedWish =
  | { readonly type: "authorized"; readonly principal: Operator["principal"] }
  | { readonly type: "refused"; readonly status: 401 | 403; readonly sentence: string };

/** Stands in for the HTTP API's authorizer: a token, and the scope that the route takes. */
export const authorizeWish = (
  tokens: OperatorTokens,
  path: string,
  authorization: string | undefined,
): AuthorizedWish => {
  const operator = operatorOf(tokens, authorization);
  if (operator === undefined) {
    const sentence = "Changing something takes a token; `npm start` has printed two.";
    return { type: "refused", status: 401, sentence };
  }
  const scope = path.endsWith("/approve") ? "approve" : "operate";
  if (!operator.scopes.includes(scope)) {
    const sentence = `This takes a token with the scope ${scope}; the ${operator.principal}'s has not.`;
    return { type: "refused", status: 403, sentence };
  }
  return { type: "authorized", principal: operator.principal };
};
