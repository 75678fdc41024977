/**
 * A process that holds the tsd library open in a network namespace of its own and does on request what is to be timed
 * inside one process. Started by host.ts with one argument, a {@link WorkerSetup} in JSON.
 */

import type { Tsd, TsdOptions } from "../src/api/index.ts";
import { complaintOf } from "./complaint.ts";
import { FIRST_PORT, NETWORK, type WorkerAnswer, type WorkerRequest, type WorkerSetup } from "./worker-protocol.ts";

const setup: WorkerSetup = JSON.parse(process.argv[2] ?? "{}");

/** Opens the library and fills it; serves every request until the channel closes. */
async function work(): Promise<void> {
  const library: { openTsd(options: TsdOptions): Promise<Tsd> | Tsd } = await import(setup.library);
  const tsd = await library.openTsd({ root: setup.root, run: setup.run });
  await tsd.networks.create({ name: NETWORK, subnets: ["10.216.0.0/24"] });
  const ports = Array.from({ length: setup.present }, (_, at) => `${FIRST_PORT + at}:80`);
  await tsd.endpoints.attach({ network: NETWORK, netns: `/run/netns/${setup.crowd}`, publish: ports });
  process.on("message", (request: WorkerRequest) => {
    void attachGuests(tsd, request).then(answer);
  });
  process.on("disconnect", () => {
    tsd.close();
    process.exit();
  });
  answer({ times: [] });
}

async function attachGuests(tsd: Tsd, { publish }: WorkerRequest): Promise<WorkerAnswer> {
  const times: number[] = [];
  try {
    for (const guest of setup.guests) {
      const start = performance.now();
      const endpoint = await tsd.endpoints.attach({ network: NETWORK, netns: `/run/netns/${guest}`, publish });
      times.push(performance.now() - start);
      await tsd.endpoints.detach(endpoint.id);
    }
    return { times };
  } catch (error) {
    return { failure: complaintOf(error) };
  }
}

function answer(message: WorkerAnswer): void {
  process.send?.(message);
}

await work().catch((error: unknown) => answer({ failure: complaintOf(error) }));
