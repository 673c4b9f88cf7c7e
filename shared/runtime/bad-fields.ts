import type * as z from "zod";

const FIELDS_MAX = 8;

/** The names of the fields that do not have the promised form, at most eight, and no values. */
export const badFieldsOf = (error: z.ZodError): string => {
  const names = error.issues.map((issue) => issue.path.map(String).join(".") || "(the whole)");
  return [...new Set(names)].slice(0, FIELDS_MAX).join(", ");
};
