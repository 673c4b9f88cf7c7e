import { enableCompileCache } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import * as z from "zod";
import { settleEnvironment } from "../../shared/adapters/host/environment.ts";
import { assert } from "../../shared/domain/assert.ts";
import type { SeedTask } from "./seed-task.ts";

// What one thread has compiled no other one compiles again.
enableCompileCache();
settleEnvironment();

// A thread of a batch: it takes one task after another and answers each. A plant changes
// production code as it is loaded, so it comes before anything that loads it.
const { plant } = z.object({ plant: z.string().nullable() }).parse(workerData);
const port = parentPort;
assert(port !== null, "This file runs as a worker thread.");
if (plant !== null) await plantBug(plant);
const { runTask } = await import("./run-task.ts");
port.on("message", (task: SeedTask) => {
  void runTask(task).then((answer) => port.postMessage(answer));
});

async function plantBug(name: string): Promise<void> {
  const [{ PLANTS }, { registerPlant }] = await Promise.all([
    import("../plants/plants.ts"),
    import("../plants/register-plant.ts"),
  ]);
  const found = PLANTS.find((each) => each.name === name);
  assert(found !== undefined, "The plant is known.");
  registerPlant(found);
}
