import { Logger } from "@aws-lambda-powertools/logger";
import type { LogLevel } from "../domain/settings.ts";
import { createLog, type Log } from "./log.ts";

/** A log that writes JSON lines to standard output with Powertools, as CloudWatch reads them. */
export const createPowertoolsLog = (
  functionName: string,
  level: LogLevel,
  fields: { readonly mode: string; readonly region: string },
): Log => {
  const logger = new Logger({
    serviceName: functionName,
    logLevel: POWERTOOLS_LEVELS[level],
    persistentKeys: fields,
  });
  return createLog(level, (record) => {
    logger[record.level](record.message, { ...record.fields });
  });
};

const POWERTOOLS_LEVELS = {
  debug: "DEBUG",
  info: "INFO",
  warn: "WARN",
  error: "ERROR",
} as const;
