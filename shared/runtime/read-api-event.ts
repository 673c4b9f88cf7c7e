import type { APIGatewayProxyEventV2 } from "aws-lambda";
import * as z from "zod";
import { err, ok, type Result } from "../domain/result.ts";

/** A wish of an operator is a few words; nothing longer is read. */
const BODY_BYTES_MAX = 4_096;

/** A body that is not JSON, or too large to be a wish. */
type BodyRefused = { readonly status: 400 | 413; readonly detail: string };

/** Reads the JSON of a body; `undefined` where there is none. */
export const readBody = ({
  body = "",
  isBase64Encoded,
}: Pick<APIGatewayProxyEventV2, "body" | "isBase64Encoded">): Result<unknown, BodyRefused> => {
  const bytes = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > BODY_BYTES_MAX) {
    return err({ status: 413, detail: `A body has at most ${BODY_BYTES_MAX} bytes.` });
  }
  if (bytes.length === 0) return ok(undefined);
  try {
    return ok(JSON.parse(bytes.toString("utf8")) as unknown);
  } catch {
    return err({ status: 400, detail: "The body is not JSON." });
  }
};

/** Where the HTTP API's JWT authorizer puts what it has verified. */
const Authorized = z.object({
  authorizer: z.object({
    jwt: z.object({ claims: z.object({ sub: z.string().min(1).max(256) }) }),
  }),
});

/** Who asks: the subject of the token that the authorizer has verified. */
export const principalOf = ({
  requestContext,
}: Pick<APIGatewayProxyEventV2, "requestContext">): string | undefined =>
  Authorized.safeParse(requestContext).data?.authorizer.jwt.claims.sub;
