import net from "node:net";
import tls from "node:tls";

// Runs in a process of its own: `node cold-start-child.ts BUNDLE PORT EVENT`. Every connection that
// the function opens goes to a server on loopback, in the clear; nothing leaves the machine.
const [bundle = "", port = "", event = ""] = process.argv.slice(2);

const connectHere = (): net.Socket => {
  const socket = net.connect(Number(port), "127.0.0.1");
  socket.once("connect", () => socket.emit("secureConnect"));
  return socket;
};
Object.assign(tls, { connect: connectHere });

type Handler = (event: unknown, context: object) => Promise<unknown>;

const context = { awsRequestId: "cold", getRemainingTimeInMillis: () => 20_000 };
const startedAtMs = performance.now();
const { handler } = (await import(bundle)) as { readonly handler: Handler };
const answer = await handler(JSON.parse(event), context);
const elapsedMs = performance.now() - startedAtMs;
// Behind whatever the function has logged.
process.stdout.write(`\n${JSON.stringify({ elapsedMs, answer })}\n`);
process.exit();
