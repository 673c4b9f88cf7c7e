/** A route with what the path has where the route's pattern says `{name}`. */
type FoundRoute<Route> = {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
};

/**
 * Finds the route of a request among `METHOD /path/{name}` patterns. A parameter is one segment of
 * the path, decoded; one that cannot be decoded matches nothing.
 */
export const findRoute = <Route>(
  routesByKey: ReadonlyMap<string, Route>,
  method: string,
  path: string,
): FoundRoute<Route> | undefined => {
  const exact = routesByKey.get(`${method} ${path}`);
  if (exact !== undefined && !path.includes("{")) return { route: exact, parameters: {} };
  for (const [key, route] of routesByKey) {
    const parameters = match(key, `${method} ${path}`);
    if (parameters !== undefined) return { route, parameters };
  }
  return undefined;
};

const match = (pattern: string, asked: string): Readonly<Record<string, string>> | undefined => {
  const expected = pattern.split("/");
  const given = asked.split("/");
  if (expected.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = given[index] ?? "";
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name === undefined) {
      if (segment !== value) return undefined;
      continue;
    }
    const decoded = decode(value);
    if (decoded === undefined || decoded === "") return undefined;
    parameters[name] = decoded;
  }
  return parameters;
};

const decode = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};
