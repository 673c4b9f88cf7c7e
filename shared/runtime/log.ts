import type { LogLevel } from "../domain/settings.ts";

/**
 * What a log line may carry: names, numbers and sentences, never a whole event or configuration.
 */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** One structured log line. */
export type LogRecord = {
  readonly level: LogLevel;
  /** One sentence without secrets. */
  readonly message: string;
  readonly fields: LogFields;
};

/** Where log lines go: Powertools on AWS, the terminal, a list in a test, or nowhere. */
export type LogSink = (record: LogRecord) => void;

/** Writes log lines at the configured level and above. */
export type Log = {
  /** Whether a line of this level would be written: ask before computing what it says. */
  readonly isOn: (level: LogLevel) => boolean;
  readonly write: (level: LogLevel, message: string, fields?: LogFields) => void;
};

const SEVERITY: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Makes a log that hands lines of `level` and above to the sink. */
export const createLog = (level: LogLevel, sink: LogSink): Log => {
  const isOn = (asked: LogLevel): boolean => SEVERITY[asked] >= SEVERITY[level];
  return {
    isOn,
    write: (asked, message, fields = {}) => {
      if (isOn(asked)) sink({ level: asked, message, fields });
    },
  };
};

/** The log of a world that is silent. */
export const silentLog: Log = { isOn: () => false, write: () => undefined };
