import type * as z from "zod";
import { err, ok, type Result } from "../../domain/result.ts";
import type { VendorFault } from "../../ports/vendor-fault.ts";
import { describeMismatch } from "../http/safe-text.ts";
import type { VendorReader } from "../http/vendor-reader.ts";

/** Every element by its contract; one that does not match is a fault of the whole list. */
export const readElements = <Value>(
  reader: VendorReader,
  elements: readonly unknown[],
  contract: z.ZodType<Value>,
): Result<readonly Value[], VendorFault> => {
  const values: Value[] = [];
  for (const element of elements) {
    const parsed = contract.safeParse(element);
    if (!parsed.success) return err(reader.fault("SCHEMA_ERROR", describeMismatch(parsed.error)));
    values.push(parsed.data);
  }
  return ok(values);
};
