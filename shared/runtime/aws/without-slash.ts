/** An address as adapters take it: they put a path behind it. */
export const withoutSlash = (url: string): string => (url.endsWith("/") ? url.slice(0, -1) : url);
