import type { Benchmark } from "../benchmark.ts";
import { time } from "../command.ts";
import { enterTools } from "../peers/tools.ts";

const SUBNET = "10.213.7.0/24";

export const networks: Benchmark = {
  id: "networks",
  title: "A network comes and goes",
  about:
    "Create and remove a bridge network with a given subnet. The floor is iproute2: a bridge with its address, in one process. podman only writes a file here and makes the bridge with the first container.",
  unit: "ms",
  measures: ["network create", "network rm"],
  floor: "ip -batch",
  effort: { quick: { turns: 3, seconds: 6 }, full: { turns: 20, seconds: 25 } },
  enter: async (lab) => [
    {
      name: "ip -batch",
      sample: () => ({
        "network create": time(["ip", "-batch", "-"], {
          input: "link add bench0 type bridge\naddr add 10.213.8.1/24 dev bench0\nlink set bench0 up\n",
        }),
        "network rm": time(["ip", "link", "del", "bench0"]),
      }),
    },
    ...(await enterTools(lab, ({ command, env }) => ({
      "network create": time([...command, "network", "create", "--subnet", SUBNET, "bench1"], { env }),
      "network rm": time([...command, "network", "rm", "bench1"], { env }),
    }))),
  ],
};
