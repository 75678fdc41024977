import { expect, test } from "@jest/globals";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab({ iptables: true });
const inside = (name: string, ...command: readonly string[]) => lab().host.mustTsd(["exec", name, ...command]);
const update = (...words: readonly string[]) => lab().host.mustTsd(["network", "update", ...words, "net"]);

/** Whether `b` hears `a` at that address. */
async function reaches(address: string): Promise<boolean> {
  const { code } = await lab().host.tsd(["exec", "a", "ping", "-c", "1", "-W", "1", address]);
  return code === 0;
}

test.each(["iptables", "nftables"])("with %s, a network in use changes whole, and back", async (backend) => {
  const { host } = lab();
  await host.mustTsd(["nat", "use", backend]);
  await host.mustTsd(["network", "create", "--subnet", "10.20.0.1/24", "--subnet", "fd20::1/64", "net"]);
  for (const name of ["a", "b"])
    await host.mustTsd(["run", "-d", "--name", name, "--net", "net", "busybox", "sleep", "600"]);
  const before = await host.mustTsd(["network", "inspect", "net"]);
  const mtus = async () => {
    const links = `${await host.mustRun(["ip", "-o", "link"])}${await inside("a", "ip", "-o", "link", "show", "eth0")}`;
    return new Set(links.split("\n").flatMap((line) => /(?:br-|veth|eth0@).* mtu (\d+)/.exec(line)?.[1] ?? []));
  };
  const usual = await mtus();

  await host.mustTsd(["network", "update", "--dry-run", "--opt", "mtu=1400", "--opt", "icc=false", "net"]);
  expect(await host.mustTsd(["network", "inspect", "net"])).toBe(before);

  await update(
    "-o",
    "mtu=1400",
    "-o",
    "com.docker.network.bridge.enable_icc=false",
    "--label",
    "tier=x",
    "--dns",
    "192.0.2.53",
  );
  expect(await mtus()).toEqual(new Set(["1400"]));
  for (const address of ["10.20.0.3", "fd20::3"]) expect(await reaches(address)).toBe(false);
  const shown = "{{.Options}} {{.Labels}} {{.NetworkDNSServers}}";
  expect(await host.mustTsd(["network", "inspect", "-f", shown, "net"])).toBe(
    "map[icc:false mtu:1400] map[tier:x] [192.0.2.53]",
  );
  expect(await host.mustTsd(["check"])).toBe("");

  await update("-o", "mtu=", "-o", "icc=true", "--label-rm", "tier", "--dns", "");
  expect(await mtus()).toEqual(usual);
  for (const address of ["10.20.0.3", "fd20::3"]) expect(await reaches(address)).toBe(true);
  await update("-o", "icc=");
  expect(await host.mustTsd(["network", "inspect", "net"])).toBe(before);
  expect(await host.mustTsd(["check"])).toBe("");
  const bridge = (await host.mustTsd(["network", "ls", "-f", "name=^net$", "-q"])).trim();
  expect(await host.mustRun(["cat", `/proc/sys/net/ipv4/conf/br-${bridge}/proxy_arp_pvlan`])).toBe("0\n");

  await host.mustTsd(["rm", "-f", "a", "b"]);
  await host.mustTsd(["nat", "use", "nftables"]);
  await host.mustTsd(["network", "rm", "net"]);
});
