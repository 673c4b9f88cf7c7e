import type { Json } from "../faults/distort-body.ts";

/** A request as the routes see it; header names are in lower case. */
export type ApiRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The raw body, "" if there is none. */
  readonly body: string;
};

/** How the answer travels: as usual, late, or not at all. */
type Delivery =
  | { readonly type: "normal" }
  | { readonly type: "late"; readonly delayMs: number }
  | { readonly type: "dropped" }
  | { readonly type: "never" };

/** What a route answers; without a body there is none on the wire either. */
export type RouteAnswer = {
  readonly status: number;
  readonly body?: Json | undefined;
  /** Plain text in place of a body. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** What goes out. */
export type ApiAnswer = RouteAnswer & { readonly delivery: Delivery };

/**
 * What a route is given: the parts of the path that its pattern names, and the moment, epoch ms.
 */
export type RouteInput = {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly path: string;
  readonly nowMs: number;
};

/** One route. The pattern is the whole path; `{name}` stands for one segment. */
export type Route = {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly pattern: string;
  readonly answer: (input: RouteInput) => RouteAnswer;
};

/** An error in Alpaca's form. */
export const alpacaError = (
  status: number,
  code: number,
  message: string,
  more: Readonly<Record<string, Json>> = {},
): RouteAnswer => ({ status, body: { code, message, ...more } });

/** Finds the first route that takes a request. */
export const createRouter = (routes: readonly Route[]) => {
  const compiled = routes.map((route) => ({ route, pattern: compilePattern(route.pattern) }));
  return (
    method: string,
    path: string,
  ):
    | { readonly route: Route; readonly parameters: Readonly<Record<string, string>> }
    | undefined => {
    for (const { route, pattern } of compiled) {
      const match = route.method === method ? pattern.exec(path) : null;
      if (match !== null) return { route, parameters: { ...match.groups } };
    }
    return undefined;
  };
};

const compilePattern = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
