/**
 * Fills a state with networks, containers that are created and endpoints that are attached, in one process. Arguments: a
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
  /** Beside that one. */
  readonly networks: number;
  /** Paths of namespaces to attach. */
  readonly namespaces: readonly string[];
}

const population: Population = JSON.parse(process.argv[2] ?? "{}");
const { root, run, network, image, containers, networks, namespaces } = population;

const { openTsd }: { openTsd(options: TsdOptions): Promise<Tsd> | Tsd } = await import(population.library);
const tsd = await openTsd({ root, run });
for (let at = 0; at < networks; at++)
  await tsd.networks.create({ name: `other-${at}`, subnets: [`10.218.${at}.0/24`] });
for (let at = 0; at < containers; at++)
  await tsd.containers.create({ image, command: ["true"], name: `present-${at}`, networks: [{ network }] });
await tsd.endpoints.attachMany(namespaces.map((netns) => ({ network, netns })));
tsd.close();
