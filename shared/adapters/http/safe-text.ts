import type { ZodError } from "zod";

const TEXT_MAX = 200;
const ISSUES_MAX = 3;

/** A vendor's own words on one line, at most 200 characters, fit for a log: without the secrets. */
export const plainText = (text: string, secrets: readonly string[]): string => {
  let safe = text;
  for (const secret of secrets) {
    if (secret !== "") safe = safe.replaceAll(secret, "[secret]");
  }
  const line = safe
    .slice(0, TEXT_MAX * 4)
    .replace(/[^\x20-\x7e]+/g, " ")
    .trim();
  return line.length > TEXT_MAX ? `${line.slice(0, TEXT_MAX - 3)}...` : line;
};

/** Names the fields that do not match their contract, at most three, never their values. */
export const describeMismatch = (error: ZodError, secrets: readonly string[] = []): string =>
  plainText(
    error.issues
      .slice(0, ISSUES_MAX)
      .map((issue) => `${issue.path.map(String).join(".") || "the body"}: ${issue.message}`)
      .join("; "),
    secrets,
  );
