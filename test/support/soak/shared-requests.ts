import type { Model } from "./model.js";
import type { Random } from "./random.js";
import { idOf, idsOf, type Request } from "./request.js";

/** Networks that everybody makes and removes; the first has room for five containers, the last has IPv6 too. */
export const networkNames = ["n0", "n1", "n2", "n3", "n4", "n5"] as const;
const containerNames = ["s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"] as const;

/** Host ports that all want. */
export const hostPorts = Array.from({ length: 96 }, (_, index) => 20_000 + index) as [number, ...number[]];

type Make = (random: Random, model: Model) => Request;

const createNetwork: Make = (random, model) => {
  const name = random.pick(networkNames);
  const at = networkNames.indexOf(name);
  const flags = [
    ...(at < 3 ? ["--subnet", `10.90.${at}.0/${at === 0 ? 29 : 24}`] : []),
    ...(at === networkNames.length - 1 ? ["--ipv6"] : []),
  ];
  return {
    words: ["network", "create", "--json", ...flags, name],
    learn: (answer) => model.made("networks", idOf(answer)),
  };
};

const removeNetwork: Make = (random, model) => ({
  words: random.oneIn(5)
    ? ["network", "prune", "--force", "--json"]
    : ["network", "rm", "--json", random.pick(networkNames)],
  learn: (answer) => model.removed("networks", idsOf(answer)),
});

const run: Make = (random, model) => ({
  words: [
    ...["run", "-d", "--json", "--name", random.pick(containerNames), "--net", random.pick(networkNames)],
    ...(random.oneIn(2) ? ["-p", `${random.pick(hostPorts)}:80`] : ["-p", "81"]),
    ...["busybox", "sleep", "600"],
  ],
  learn: (answer) => model.made("containers", idOf(answer)),
});

const runAtAddress: Make = (random, model) => ({
  words: [
    ...["run", "-d", "--json", "--name", random.pick(containerNames), "--net", "n1"],
    ...["--ip", `10.90.1.${2 + random.below(6)}`, "busybox", "sleep", "600"],
  ],
  learn: (answer) => model.made("containers", idOf(answer)),
});

/** It dies by itself, and goes with that. */
const runBriefly: Make = (random, model) => ({
  words: [
    ...["run", "-d", "--rm", "--json", "--net", random.pick(networkNames), "-p", `${random.pick(hostPorts)}:80`],
    ...["busybox", "sh", "-c", `sleep 0.${random.below(5)}; exit 3`],
  ],
  learn: (answer) => model.brief.add(idOf(answer)),
});

const remove: Make = (random, model) => ({
  words: ["rm", "--json", ...(random.oneIn(3) ? [] : ["--force"]), random.pick(containerNames)],
  learn: (answer) => model.removed("containers", idsOf(answer)),
});

const change: Make = (random) => {
  const [network, container] = [random.pick(networkNames), random.pick(containerNames)];
  return random.pick<Request>([
    { words: ["network", "connect", "--json", network, container] },
    { words: ["network", "disconnect", network, container] },
    { words: ["port", "add", "--json", container, `${random.pick(hostPorts)}:82`] },
    { words: ["port", "rm", "--json", container, random.pick(["80", "81", "82"])] },
    { words: ["stop", "--json", "-t", "0", container] },
    { words: ["start", "--json", container] },
    { words: ["restart", "--json", "-t", "0", container] },
  ]);
};

const look: Make = (random) =>
  random.pick<Request>([
    { words: ["ps", "-a"] },
    { words: ["network", "ls"] },
    { words: ["run", "--rm", "--net", random.pick(networkNames), "busybox", "true"] },
  ]);

/** Commands about what belongs to all. */
export const sharedRequests: readonly [Make, ...Make[]] = [
  createNetwork,
  ...[createNetwork, createNetwork, removeNetwork],
  ...[run, run, run, runAtAddress, runBriefly, remove, remove],
  ...[change, change, change, change, look],
];
