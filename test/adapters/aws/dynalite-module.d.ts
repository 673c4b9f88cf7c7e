declare module "dynalite" {
  import type { Server } from "node:http";

  /** Makes an HTTP server that speaks DynamoDB and keeps its tables in memory. */
  const dynalite: (options: { readonly createTableMs: number }) => Server;
  export = dynalite;
}
