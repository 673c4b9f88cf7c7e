import { writeJson } from "./write-json.ts";

/** A JSON value; a bigint is a whole number that is written with all its digits. */
export type Json =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly Json[]
  | { readonly [field: string]: Json | undefined };

/** What to do to a field: leave it out, give it another name, or give it another type. */
export type Distortion =
  | { readonly name: "removeField"; readonly field: string }
  | { readonly name: "renameField"; readonly field: string; readonly to: string }
  | { readonly name: "changeType"; readonly field: string };

/** Returns the value with every field of the given name, at any depth, distorted. */
export const distortBody = (value: Json, distortion: Distortion): Json => {
  if (isList(value)) return value.map((each) => distortBody(each, distortion));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([field, inner]) => {
      if (inner === undefined) return [];
      if (field !== distortion.field) return [[field, distortBody(inner, distortion)]];
      return distortField(inner, distortion);
    }),
  );
};

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const distortField = (
  value: Json,
  distortion: Distortion,
): readonly (readonly [string, Json])[] => {
  switch (distortion.name) {
    case "removeField":
      return [];
    case "renameField":
      return [[distortion.to, value]];
    case "changeType":
      return [[distortion.field, retyped(value)]];
  }
};

const retyped = (value: Json): Json => {
  if (typeof value === "string") return Number(value) || 0;
  return typeof value === "bigint" ? value.toString() : writeJson(value);
};
