import * as z from "zod";

/** Reads a value of some form, as a zod schema does. */
export type Reader<Value> = Pick<z.ZodType<Value>, "safeParse">;

/**
 * The same schema, compiled by zod when it reads for the first time: it takes and refuses alike, in
 * a quarter of the time. It costs a bundle 30 KB, so that it is only for what carries every quote.
 */
export const compileAtFirstUse = <Schema extends z.ZodType>(
  schema: Schema,
): Reader<z.output<Schema>> => {
  let compiled: Reader<z.output<Schema>> | undefined;
  return {
    safeParse: (value, params) => {
      compiled ??= z.compile(schema) as Reader<z.output<Schema>>;
      return compiled.safeParse(value, params);
    },
  };
};
