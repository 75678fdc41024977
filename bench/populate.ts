/**
 * Fills a state with containers that are created and endpoints that are attached, in one process. Arguments: a
 * {@link Population} in JSON.
 */
import type { Tsd, TsdOptions } from "../src/api/index.ts";

export interface Population {
  /** The built library. */
  readonly library: string;
  readonly root: string;
  readonly run: string;
  readonly network: string;
  readonly image: string;
  readonly containers: number;
  /** Paths of namespaces to attach. */
  readonly namespaces: readonly string[];
}

const population: Population = JSON.parse(process.argv[2] ?? "{}");
const { root, run, network, image, containers, namespaces } = population;

const { openTsd }: { openTsd(options: TsdOptions): Promise<Tsd> | Tsd } = await import(population.library);
const tsd = await openTsd({ root, run });
for (let at = 0; at < containers; at++)
  await tsd.containers.create({ image, command: ["true"], name: `present-${at}`, networks: [{ network }] });
for (const netns of namespaces) await tsd.endpoints.attach({ network, netns });
tsd.close();
