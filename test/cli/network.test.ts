import { expect, test } from "@jest/globals";
import { addresses } from "../support/lab/lab.js";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

test("a network is made, shown, and taken away whole", async () => {
  const { host } = lab();
  const id = await host.mustTsd(["network", "create", "--driver", "bridge", "--subnet", "10.10.10.1/24", "testbr"]);
  expect(id).toMatch(/^[0-9a-f]{64}$/);
  const bridge = `br-${id.slice(0, 12)}`;
  expect(await host.mustTsd(["network", "list"])).toMatch(new RegExp(`${id.slice(0, 12)} +testbr +bridge +local`));
  expect(await host.mustRun(["ip", "-brief", "address", "show", "dev", bridge])).toContain("10.10.10.1/24");
  expect(await host.mustRun(["ip", "route"])).toContain(`10.10.10.0/24 dev ${bridge}`);
  expect(await host.mustRun(["nft", "list", "set", "inet", "tsd", "masquerade4"])).toContain(bridge);
  expect(await host.mustRun(["sysctl", "--values", "net.ipv4.conf.uplink0.forwarding"])).toBe("1\n");
  const [inspected] = JSON.parse(await host.mustTsd(["network", "inspect", id.slice(0, 5)]));
  expect(inspected).toMatchObject({
    ...{ Name: "testbr", Id: id, Driver: "bridge", Scope: "local" },
    IPAM: { Config: [{ Subnet: "10.10.10.0/24", Gateway: "10.10.10.1" }] },
  });
  expect(await host.mustTsd(["network", "rm", "testbr"])).toBe("testbr");
});

test("without a subnet, a pool is taken that collides with nothing the host knows", async () => {
  const { host } = lab();
  await host.ip(`route add 172.17.0.0/16 via ${addresses.internet}`);
  await host.mustTsd(["network", "create", "a"]);
  await host.mustTsd(["network", "create", "b"]);
  const subnets = (await host.mustTsd(["network", "ls", "--filter", "driver=bridge", "--format", "{{.Subnet}}"]))
    .split("\n")
    .filter(Boolean)
    .sort();
  expect(subnets).toEqual(["172.18.0.0/16", "172.19.0.0/16"]);
  expect(await host.mustTsd(["network", "prune", "--force"])).toMatch(/a\nb/);
  await host.ip("route del 172.17.0.0/16");
});

test("a network in use is refused, with the names of its users", async () => {
  const { host } = lab();
  await host.mustTsd(["network", "create", "busy"]);
  await host.mustTsd(["run", "-d", "--name", "user", "--net", "busy", "busybox", "sleep", "60"]);
  const refused = await host.tsd(["network", "rm", "busy"]);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/"busy" is in use by container "user"/) });
  await host.mustTsd(["rm", "-f", "user"]);
  await host.mustTsd(["network", "rm", "busy"]);
});

test("the uplink forwards until the last network goes", async () => {
  const { host } = lab();
  const forwarding = () => host.mustRun(["sysctl", "--values", "net.ipv4.conf.uplink0.forwarding"]);
  await host.mustRun(["sysctl", "--quiet", "--write", "net.ipv4.conf.uplink0.forwarding=0"]);
  await host.mustTsd(["network", "create", "a"]);
  await host.mustTsd(["network", "create", "b"]);
  await host.mustTsd(["network", "rm", "a"]);
  expect(await forwarding()).toBe("1\n");
  await host.mustTsd(["network", "rm", "b"]);
  expect(await forwarding()).toBe("0\n");
});
