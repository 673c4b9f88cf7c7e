import * as z from "zod";
import { namedError, type ServiceProtocol } from "./service-client.ts";

/** A refusal names itself by the service's namespace and its own name. */
const TYPE_FIELD = "__type";
const ErrorBody = z.looseObject({ [TYPE_FIELD]: z.string() });

/** AWS's JSON protocol: the operation is a header, input and output are JSON as they stand. */
export const jsonProtocol = (
  service: string,
  target: string,
  version: "1.0" | "1.1",
  toError: (name: string, body: Readonly<Record<string, unknown>>) => Error = namedError,
): ServiceProtocol => ({
  service,
  write: (operation, input) => ({
    headers: {
      "content-type": `application/x-amz-json-${version}`,
      "x-amz-target": `${target}.${operation}`,
    },
    body: JSON.stringify(input),
  }),
  read: (body) => z.looseObject({}).parse(JSON.parse(body)),
  readError: (status, body) => {
    const fields = ErrorBody.safeParse(jsonOrNothing(body));
    if (!fields.success) return namedError(`HttpStatus${status}`);
    const name = fields.data[TYPE_FIELD].split("#").at(-1) ?? "";
    return toError(name, fields.data);
  },
});

const jsonOrNothing = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
