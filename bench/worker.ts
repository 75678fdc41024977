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
  await tsd.endpoints.attach({
    network: NETWORK,
    netns: `/run/netns/${setup.crowd}`,
    publish: publications(setup),
  });
  process.on("message", (request: WorkerRequest) => {
    void measure(tsd, request).then(answer);
  });
  process.on("disconnect", () => {
    tsd.close();
    process.exit();
  });
  answer({ times: { attach: [], publish: [], detach: [] } });
}

/** Each of a range leads to a port of its own. */
function publications({ present: count, inRanges }: WorkerSetup): readonly string[] {
  const singles = inRanges ? Math.ceil(count / 2) : count;
  const one = Array.from({ length: singles }, (_, at) => `${FIRST_PORT + at}:80`);
  if (count === singles) return one;
  const [first, last] = [FIRST_PORT + singles, FIRST_PORT + count - 1];
  return [...one, `${first}-${last}:${first}-${last}`];
}

async function measure(tsd: Tsd, request: WorkerRequest): Promise<WorkerAnswer> {
  const times = { attach: [] as number[], publish: [] as number[], detach: [] as number[] };
  const groups = request.together ? [setup.guests] : setup.guests.map((guest) => [guest]);
  try {
    for (const group of groups) await measureGroup(tsd, { ...request, group, times });
    return { times };
  } catch (error) {
    return { failure: complaintOf(error) };
  }
}

interface Group extends WorkerRequest {
  readonly group: readonly string[];
  readonly times: { readonly attach: number[]; readonly publish: number[]; readonly detach: number[] };
}

async function measureGroup(tsd: Tsd, { group, attached, publish, times }: Group): Promise<void> {
  const specs = group.map((guest) => ({ network: NETWORK, netns: `/run/netns/${guest}`, publish: attached }));
  const start = performance.now();
  const ids = (await tsd.endpoints.attachMany(specs)).map(({ id }) => id);
  times.attach.push((performance.now() - start) / group.length);
  for (const id of publish === undefined ? [] : ids) {
    const begun = performance.now();
    await tsd.endpoints.publish(id, publish ?? []);
    times.publish.push(performance.now() - begun);
  }
  const end = performance.now();
  await tsd.endpoints.detachMany(ids);
  times.detach.push((performance.now() - end) / group.length);
}

function answer(message: WorkerAnswer): void {
  process.send?.(message);
}

await work().catch((error: unknown) => answer({ failure: complaintOf(error) }));
