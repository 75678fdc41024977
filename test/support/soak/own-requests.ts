import type { Model, OwnContainer } from "./model.js";
import type { Random } from "./random.js";
import { idOf, idsOf, type Request } from "./request.js";
import { hostPorts, networkNames } from "./shared-requests.js";

/** The network that a worker's own container stays on, so that its ports are always published. */
const home = "bridge";

/** A command about a container of the worker's own. */
export function ownRequest(random: Random, model: Model, container: OwnContainer): Request {
  if (container.id === undefined) return run(random, model, container);
  const choices = container.running
    ? [connect, connect, disconnect, addPort, addPort, removePort, stop, remove]
    : [start, start, connect, disconnect, remove];
  return random.pick(choices as [Make, ...Make[]])(random, model, container);
}

type Make = (random: Random, model: Model, container: OwnContainer) => Request;

const run: Make = (random, model, container) => {
  const port = random.pick(hostPorts);
  return {
    words: [
      "run",
      "-d",
      "--json",
      "--name",
      container.name,
      "--net",
      home,
      "-p",
      `${port}:80`,
      "busybox",
      "sleep",
      "600",
    ],
    learn: (answer) => {
      container.id = idOf(answer);
      container.running = true;
      container.networks.add(home);
      container.ports.set(port, 80);
      model.made("containers", container.id);
    },
  };
};

const connect: Make = (random, _model, container) => {
  const network = random.pick(networkNames);
  return {
    words: ["network", "connect", "--json", network, container.name],
    done: () => container.networks.add(network),
  };
};

const disconnect: Make = (random, _model, container) => {
  const network = random.pick(networkNames);
  return {
    words: ["network", "disconnect", network, container.name],
    done: () => container.networks.delete(network),
  };
};

const addPort: Make = (random, _model, container) => {
  const [port, inside] = [random.pick(hostPorts), 80 + random.below(3)];
  return {
    words: ["port", "add", "--json", container.name, `${port}:${inside}`],
    done: () => container.ports.set(port, inside),
  };
};

const removePort: Make = (random, _model, container) => {
  const [port, inside] = random.pick<readonly [number, number]>([[1, 1], ...container.ports]);
  return {
    words: ["port", "rm", "--json", container.name, `${port}:${inside}`],
    done: () => container.ports.delete(port),
  };
};

const stop: Make = (_random, _model, container) => ({
  words: ["stop", "--json", "-t", "0", container.name],
  done: () => {
    container.running = false;
  },
});

const start: Make = (_random, _model, container) => ({
  words: ["start", "--json", container.name],
  done: () => {
    container.running = true;
  },
});

const remove: Make = (_random, model, container) => ({
  words: ["rm", "--json", "--force", container.name],
  learn: (answer) => {
    model.removed("containers", idsOf(answer));
    delete container.id;
    container.running = false;
    container.networks.clear();
    container.ports.clear();
  },
});
