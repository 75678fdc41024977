import fc from "fast-check";
import type { Container } from "../../../src/api/index.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { streams } from "./operations.js";
import { type Fault, Killed } from "./steps.js";
import type { TsdProcess } from "./tsd-process.js";
import { foreignNamespaces, type World } from "./world.js";

interface Names {
  readonly container: string;
  readonly other: string;
  readonly network: string;
  readonly address: string | undefined;
  readonly netns: string;
  readonly publish: readonly string[];
  readonly autoRemove: boolean;
}

/** Hears of a process before it does anything. */
type Prepare = (process: TsdProcess) => void;

type Act = (process: TsdProcess, names: Names, world: World) => Promise<unknown>;

const image = "busybox";
const acts: Readonly<Record<string, Act>> = {
  "network create": ({ networks }, { network }) => networks.create({ name: network }),
  "network rm": ({ networks }, { network }) => networks.remove(network),
  "network prune": ({ networks }) => networks.prune(),
  attach: ({ endpoints }, { network, netns, publish }) => endpoints.attach({ network, netns, publish }),
  detach: async ({ endpoints }) => {
    for (const { id } of endpoints.list().slice(0, 1)) await endpoints.detach(id);
  },
  connect: ({ networks }, { container, network, address }) =>
    networks.connect(container, { network, ...(address === undefined ? {} : { address }) }),
  disconnect: ({ networks }, { container, network }) => networks.disconnect(container, network),
  "port add": ({ containers }, { container, publish }) => containers.publish(container, publish),
  "port rm": ({ containers }, { container, publish }) => containers.unpublish(container, publish),
  "run in another's network": ({ containers }, { container, other }) =>
    containers.runDetached({ image, name: other, networks: [{ network: `container:${container}` }] }),
  "run with a link": ({ containers }, { container, other, network, autoRemove }) =>
    containers.runDetached({ image, name: other, networks: [{ network }], links: [`${container}:web`], autoRemove }),
  "run on nothing": ({ containers }, { container, publish }) =>
    containers.runDetached({ image, name: container, networks: [{ network: "none" }], publish }),
  create: ({ containers }, { container: name, network, publish, autoRemove }) =>
    containers.create({ image, name, networks: [{ network }], publish, autoRemove }),
  "run -d": ({ containers }, { container: name, network, publish, autoRemove }) =>
    containers.runDetached({ image, name, networks: [{ network }], publish, autoRemove }),
  run: async ({ containers }, { container: name, network, publish, autoRemove }) => {
    let started: Container | undefined;
    const spec = { image, name, command: ["exit", "1"], networks: [{ network }], publish, autoRemove };
    const onStart = (container: Container): void => {
      started = container;
    };
    await containers.run(spec, { streams, onStart });
    return started;
  },
  start: ({ containers }, { container }) => containers.start(container),
  stop: ({ containers }, { container }) => containers.stop(container),
  rm: ({ containers }, { container }) => containers.remove(container),
  "rm -f": ({ containers }, { container }) => containers.remove(container, { force: true }),
  "container ends": async (_process, _names, world) => {
    const running = world.store.containers.active().filter(({ container }) => container.status === "running");
    for (const { id } of running.slice(0, 1)) world.containers.end(id, 1);
  },
};

export interface Step {
  readonly act: string;
  readonly names: Names;
  readonly fault: Fault | undefined;
}

/** A command with its arguments and its fate. */
export const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom(...Object.keys(acts)),
  names: fc.record({
    container: fc.constantFrom("x", "y"),
    other: fc.constantFrom("y", "z"),
    network: fc.constantFrom("n", "m"),
    address: fc.constantFrom(undefined, undefined, "172.17.0.9", "172.18.0.9"),
    netns: fc.constantFrom(...foreignNamespaces),
    publish: fc.subarray(["8080:80", "80", "9000-9001:9000-9001/udp"]),
    autoRemove: fc.boolean(),
  }),
  fault: fc.option(
    fc.record({
      kind: fc.constantFrom("failure", "kill"),
      at: fc.nat({ max: 25 }),
      times: fc.constantFrom(1, 2, 100),
    }),
    { nil: undefined },
  ),
});

/**
 * One command of a user, from its start with a recovery to its end, however it ends. Returns what it returned; undefined
 * where it failed.
 */
export async function carryOut(world: World, { act, names, fault }: Step, prepare?: Prepare): Promise<unknown> {
  const process = world.spawn();
  process.steps.plan(fault);
  prepare?.(process);
  try {
    await process.recovery.run();
    return await acts[act]?.(process, names, world);
  } catch (error) {
    if (!TsdError.is(error) && !(error instanceof Killed)) throw error;
    return undefined;
  } finally {
    process.end();
  }
}
