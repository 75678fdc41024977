import { resolve } from "node:path";
import { expect } from "@jest/globals";
import type { ClusterLab } from "../support/cluster/cluster-lab.js";
import { pings } from "../support/cluster/pings.js";
import { addressOf } from "../support/cluster/underlay.js";
import { eventually } from "../support/eventually.js";
import { askEcho, serveEcho } from "../support/lab/echo.js";

/** As a runtime passes it to the one plug-in of a list. */
const config = {
  ...{ cniVersion: "1.1.0", name: "pods", type: "tsd", driver: "overlay" },
  ...{ subnets: ["10.244.0.0/16", "fd00:244::/64"] },
};

interface Result {
  readonly ips: readonly { readonly address: string; readonly gateway: string }[];
}

/** Pods of two nodes come, reach each other and the nodes, publish a port, are checked, and go. */
export async function expectPods(lab: ClusterLab): Promise<void> {
  const call = async (number: number, command: string, more: object = {}): Promise<Result | undefined> => {
    const env = {
      ...{ CNI_COMMAND: command, CNI_CONTAINERID: "pod", CNI_IFNAME: "eth0" },
      ...{ CNI_NETNS: "/run/netns/pod", CNI_PATH: resolve("bin") },
    };
    const input = JSON.stringify({ ...config, ...more });
    const { code, stdout, stderr } = await lab.host(number).tsd([], { launcher: "tsd-cni", env, input });
    if (code !== 0) throw new Error(`${command} on host ${number}: ${stdout}${stderr}`);
    return stdout === "" ? undefined : (JSON.parse(stdout) as Result);
  };
  const portMappings = [{ hostPort: 8244, containerPort: 80, protocol: "tcp" }];
  const [one, two] = [await lab.host(1).addNamespace("pod"), await lab.host(2).addNamespace("pod")];
  // The first attachments of all come at once.
  const [first, second] = await Promise.all([call(1, "ADD", { runtimeConfig: { portMappings } }), call(2, "ADD")]);
  const [there = [], here = []] = [first, second].map((result) => result?.ips.map(({ address }) => bare(address)));
  expect(new Set([...there, ...here]).size).toBe(4);
  await eventually(async () => expect(await pings(one, here)).toEqual(here.toSorted()));
  await eventually(async () =>
    expect(await pings(two, [...there, addressOf(1)])).toEqual([...there, addressOf(1)].toSorted()),
  );
  await eventually(async () => expect(await pings(lab.host(2), there)).toEqual(there.toSorted()));
  const server = await serveEcho(one, { protocol: "tcp", address: "::", port: 80 });
  expect(await askEcho(lab.outside, { protocol: "tcp", address: addressOf(1), port: 8244 })).toBeDefined();
  await server.close();
  await call(1, "CHECK", { prevResult: first });
  await call(2, "CHECK", { prevResult: second });
  await call(2, "GC", { "cni.dev/valid-attachments": [{ containerID: "pod", ifname: "eth0" }] });
  expect(await pings(one, here)).toEqual(here.toSorted());
  await call(2, "GC", { "cni.dev/valid-attachments": [] });
  await call(2, "DEL");
  await call(1, "DEL", { prevResult: first });
  for (const number of [1, 2]) await lab.host(number).mustRun(["ip", "netns", "delete", "pod"]);
  await eventually(() => lab.host(1).mustTsd(["network", "rm", "pods"]));
}

function bare(address: string): string {
  return address.split("/")[0] ?? "";
}
