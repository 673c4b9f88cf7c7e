import { existsSync, readFileSync, writeFileSync } from "node:fs";
import {
  createSigningKeys,
  signConfiguration,
  verifyConfiguration,
} from "../../shared/runtime/signed-configuration.ts";
import { requireConfiguration } from "../read-configuration.ts";
import { usageFault, type ExitCode, type VerbContext, type VerbInput } from "../verb.ts";

/**
 * Makes a pair of keys, signs the configuration, or verifies its signature; 64 where that fails.
 */
export const reportSignature = (input: VerbInput, context: VerbContext): ExitCode => {
  const action = input.arguments[0];
  const mode = String(input.options["mode"]);
  const sentence = action === "keys" ? makeKeys(input) : signOrVerify(input, context);
  const text = `[${mode.toUpperCase()}] ${sentence}`;
  context.write(`${input.isJson ? JSON.stringify({ mode, action, sentence }) : text}\n`);
  return 0;
};

const makeKeys = ({ options }: VerbInput): string => {
  const path = String(options["key"]);
  if (existsSync(path)) throw usageFault(`${path} is there already; no key was made.`);
  const { privateKey, publicKey } = createSigningKeys();
  // For this user alone: who can read it can let anything trade.
  writeFileSync(path, privateKey, { mode: 0o600, flag: "wx" });
  writeFileSync(`${path}.pub`, publicKey);
  return `${path} signs and ${path}.pub verifies; keep the first away from the machine that trades.`;
};

const signOrVerify = (input: VerbInput, { environment }: VerbContext): string => {
  const path = String(input.options["config"]);
  const key = String(input.options["key"]);
  const configuration = requireConfiguration(path, environment);
  if (input.arguments[0] === "sign") {
    const signed = signConfiguration(configuration, readText(key));
    if (!signed.ok) throw usageFault(signed.error.sentence);
    writeFileSync(`${path}.sig`, signed.value);
    return `${path} is signed; its signature is in ${path}.sig.`;
  }
  requireSignature(path, `${key}.pub`, configuration);
  return `${path} is the configuration that was signed.`;
};

/** Throws a `VerbFault` unless the file beside the configuration signs exactly it. */
export const requireSignature = (
  path: string,
  publicKeyPath: string,
  configuration: Parameters<typeof verifyConfiguration>[0],
): void => {
  const verified = verifyConfiguration(
    configuration,
    readText(`${path}.sig`),
    readText(publicKeyPath),
  );
  if (!verified.ok) throw usageFault(`${path}: ${verified.error.sentence}`);
};

const readText = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "no code";
    throw usageFault(`${path} cannot be read (${code}).`);
  }
};
