import type { AttachSpec, Streams } from "../../../src/api/index.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import type { TsdProcess } from "./tsd-process.js";
import { foreignNamespaces, type World } from "./world.js";

/** One command of a user, with what was done before it. */
export interface Operation {
  readonly before?: (process: TsdProcess, world: World) => Promise<unknown>;
  readonly act: (process: TsdProcess, world: World) => Promise<unknown>;
  /** What a user does before the same again, where a killed one leaves something that stands in its way. */
  readonly clear?: (process: TsdProcess) => Promise<unknown>;
}

/** The fakes never touch the streams. */
export const streams: Streams = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };

const image = { image: "busybox", name: "c", networks: [{ network: "n" }] } as const;
const network = (process: TsdProcess): Promise<unknown> =>
  process.networks.create({ name: "n", subnets: ["10.1.0.0/24"] });
const created = async (process: TsdProcess): Promise<unknown> => {
  await network(process);
  return process.containers.create({ ...image, publish: ["8080:80", "9000-9002:9000-9002/udp"] });
};
const running = async (process: TsdProcess): Promise<unknown> => {
  await created(process);
  return process.containers.start("c");
};
const attached = async (process: TsdProcess): Promise<unknown> => {
  await network(process);
  return process.endpoints.attach({ network: "n", netns: foreignNamespaces[0], publish: ["8080:80"] });
};

/** Endpoints of two namespaces, one of which is on two networks and publishes on both. */
export const several: readonly AttachSpec[] = [
  { network: "n", netns: foreignNamespaces[0], publish: ["8080:80"] },
  { network: "m", netns: foreignNamespaces[0], publish: ["8081:81"] },
  { network: "n", netns: foreignNamespaces[1], publish: ["8082:80"] },
];
const networks = async (process: TsdProcess): Promise<unknown> => {
  await network(process);
  return process.networks.create({ name: "m", subnets: ["10.2.0.0/24"] });
};
const detachAll = (process: TsdProcess): Promise<unknown> =>
  process.endpoints.detachMany(process.endpoints.list().map(({ id }) => id));

/** A container that runs on "n", and a network "m" beside. */
const beside = async (process: TsdProcess): Promise<unknown> => {
  await running(process);
  return process.networks.create({ name: "m", subnets: ["10.2.0.0/24"] });
};
const connected = async (process: TsdProcess): Promise<unknown> => {
  await beside(process);
  return process.networks.connect("c", { network: "m", address: "10.2.0.9" });
};
const shared = async (process: TsdProcess): Promise<unknown> => {
  await running(process);
  return process.containers.runDetached({ image: "busybox", name: "guest", networks: [{ network: "container:c" }] });
};

/** Operations that make something: undone as a whole where one of their steps fails. */
export const makings: Readonly<Record<string, Operation>> = {
  "network create": { act: (process) => process.networks.create({ name: "m", options: { mtu: "1400" } }) },
  "a second network create": { before: network, act: (process) => process.networks.create({ name: "m" }) },
  attach: {
    before: network,
    act: (process) => process.endpoints.attach({ network: "n", netns: foreignNamespaces[1], publish: ["80"] }),
  },
  "attach of several": {
    before: networks,
    act: (process) => process.endpoints.attachMany(several),
    clear: detachAll,
  },
  "container create": { before: network, act: (process) => process.containers.create(image) },
  "container create with a root directory": {
    before: network,
    act: (process, { rootDirectory }) =>
      process.containers.create({ name: "c", networks: [{ network: "n" }], rootfs: rootDirectory, command: ["sleep"] }),
  },
  "container start": {
    before: created,
    act: (process) => process.containers.start("c"),
    clear: (process) => process.containers.stop("c"),
  },
  "attached start": {
    before: async (process) => {
      await network(process);
      await process.containers.create({ ...image, command: ["exit", "3"] });
    },
    // Once it runs, the making is over: what fails after that is its release.
    act: (process) => process.containers.startAttached("c", { streams, onStart: () => process.steps.spareFailures() }),
  },
  "foreground run that is left": {
    before: network,
    act: async (process) => {
      const leaving = new AbortController();
      const onStart = (): void => {
        process.steps.spareFailures();
        leaving.abort();
      };
      await process.containers.run(image, { streams, leave: leaving.signal, onStart });
    },
    clear: removeRunning,
  },
  "container start after a first run": {
    before: async (process, world) => {
      await running(process);
      endAll(world);
      await releaseAll(process, world);
    },
    act: (process) => process.containers.start("c"),
    clear: (process) => process.containers.stop("c"),
  },
  "detached run": {
    before: network,
    act: (process) => process.containers.runDetached({ ...image, publish: ["8080:80"] }),
    clear: removeRunning,
  },
  connect: {
    before: beside,
    act: (process) =>
      process.networks.connect("c", { network: "m", address: "10.2.0.9", gatewayPriority: 1, links: ["c:me"] }),
    clear: (process) => process.networks.disconnect("c", "m").catch(ignoreAbsent),
  },
  "port add": {
    before: running,
    act: (process) => process.containers.publish("c", ["7000:70", "71/udp"]),
    clear: (process) => process.containers.unpublish("c", ["70", "71/udp"]).catch(ignoreAbsent),
  },
  "run of a container that is linked to a neighbour": {
    before: running,
    act: (process) => process.containers.runDetached({ ...image, name: "d", links: ["c:web"] }),
    clear: (process) => process.containers.remove("d", { force: true }).catch(ignoreAbsent),
  },
  "run in another container's network": {
    before: running,
    act: (process) =>
      process.containers.runDetached({ image: "busybox", name: "guest", networks: [{ network: "container:c" }] }),
    clear: (process) => process.containers.remove("guest", { force: true }).catch(ignoreAbsent),
  },
  "detached run --rm": {
    before: network,
    act: (process) => process.containers.runDetached({ ...image, autoRemove: true }),
    clear: removeRunning,
  },
};

/** Operations that take something away: repeated, they finish what they began. */
export const removals: Readonly<Record<string, Operation>> = {
  "network remove": { before: network, act: (process) => process.networks.remove("n") },
  "network prune": { before: network, act: (process) => process.networks.prune() },
  detach: {
    before: attached,
    act: async (process) => {
      for (const { id } of process.endpoints.list()) await process.endpoints.detach(id);
    },
  },
  "detach of several, of which another gets ports": {
    before: async (process) => {
      await networks(process);
      await process.endpoints.attachMany(several);
    },
    act: (process) =>
      process.endpoints.detachMany(
        process.endpoints
          .list()
          .slice(1)
          .map(({ id }) => id),
      ),
  },
  disconnect: {
    before: connected,
    act: (process) => process.networks.disconnect("c", "m"),
  },
  "disconnect of the network that publishes": {
    before: connected,
    act: (process) => process.networks.disconnect("c", "n"),
  },
  "port rm": { before: running, act: (process) => process.containers.unpublish("c", ["80"]) },
  "stop of a container whose network another shares": {
    before: shared,
    act: (process) => process.containers.stop("c"),
  },
  "container stop": { before: running, act: (process) => process.containers.stop("c") },
  "container remove": { before: created, act: (process) => process.containers.remove("c") },
  "container remove --force": { before: running, act: (process) => process.containers.remove("c", { force: true }) },
  "stop of a container run with --rm": {
    before: async (process) => {
      await network(process);
      await process.containers.runDetached({ ...image, autoRemove: true, publish: ["8080:80"] });
    },
    act: (process) => process.containers.stop("c"),
  },
  "release of a container that ended": {
    before: async (process, world) => {
      await running(process);
      endAll(world);
    },
    act: releaseAll,
  },
};

/** Removes everything there is, as a user would. */
export async function removeAll(process: TsdProcess): Promise<void> {
  await removeContainers(process);
  for (const { id } of process.endpoints.list()) await process.endpoints.detach(id);
  for (const { id } of process.networks.list().filter(({ subnets }) => subnets.length > 0))
    await process.networks.remove(id);
}

/** What was killed may not have been made. */
function ignoreAbsent(error: unknown): void {
  if (!TsdError.is(error, "not-found")) throw error;
}

/** Every container's process ends by itself, with exit code 5. */
function endAll(world: World): void {
  for (const { id } of world.store.containers.list()) world.containers.end(id, 5);
}

async function releaseAll(process: TsdProcess, world: World): Promise<void> {
  for (const { id } of world.store.containers.list()) await process.containers.release(id);
}

/** One that came to run before its command was killed. */
async function removeRunning(process: TsdProcess): Promise<void> {
  for (const { container } of process.containers.list()) await process.containers.remove(container.id, { force: true });
}

async function removeContainers(process: TsdProcess): Promise<void> {
  for (const { container } of process.containers.list({ all: true }))
    await process.containers.remove(container.id, { force: true });
}
