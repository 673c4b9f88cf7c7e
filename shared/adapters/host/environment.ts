/** The process's environment variables: the only place that reads them. */
export const hostEnvironment = (): Readonly<Record<string, string | undefined>> => process.env;
