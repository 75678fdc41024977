import { expect, test } from "@jest/globals";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
const detached = (name: string, ...flags: readonly string[]) =>
  lab().host.mustTsd(["run", "-d", "--name", name, ...flags, "busybox", "sleep", "60"]);
const inside = (name: string, script: string) => lab().host.mustTsd(["exec", name, "sh", "-ec", script]);
const ask = (name: string, words: readonly string[]) =>
  inside(name, words.map((word) => `ping -c 1 -W 2 ${word} >/dev/null || echo ${word}`).join("\n"));

test("a container has names for itself and for its neighbours, and its lines of /etc/hosts stay its own", async () => {
  const { host } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.20.0.1/24", "net"]);
  const id = await detached(
    ...(["kafka", "--net", "net", "--network-alias", "broker", "--hostname", "k1.example.org"] as const),
    ...["--domainname", "corp.example.net"],
  );
  const names = ["kafka", "broker", id.slice(0, 12), "k1", "k1.example.org", "k1.example.org.corp.example.net"];
  expect(await ask("kafka", names)).toBe("");
  expect(await inside("kafka", "cat /proc/sys/kernel/domainname; hostname")).toBe("corp.example.net\nk1.example.org");
  const own = ["192.0.2.7 before", "192.0.2.8 inside", "192.0.2.9 behind"];
  await inside("kafka", `(echo "${own[0]}"; cat /etc/hosts; echo "${own[1]}") > /tmp/h; cat /tmp/h > /etc/hosts`);
  await inside("kafka", "echo nameserver 192.0.2.53 > /etc/resolv.conf");
  await detached("other", "--net", "net");
  await inside("kafka", `echo -n "${own[2]}" >> /etc/hosts; chmod 600 /etc/hosts`);
  expect(await host.mustTsd(["check"])).toBe("");
  expect(await ask("other", names)).toBe("");
  expect(await ask("kafka", ["other"])).toBe("");
  await host.mustTsd(["rm", "-f", "other"]);
  await host.mustTsd(["reload"]);
  const hosts = (await inside("kafka", "cat /etc/hosts")).split("\n");
  expect(hosts.filter((line) => own.includes(line))).toEqual(own);
  expect(hosts.join("\n")).not.toContain("other");
  expect(await inside("kafka", "cat /etc/resolv.conf")).toBe("nameserver 192.0.2.53");
  await host.mustTsd(["rm", "-f", "kafka"]);
  await host.mustTsd(["network", "rm", "net"]);
});

test("a container that takes a network over from its maker is called by its own name from then on", async () => {
  const { host } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.20.0.1/24", "net"]);
  await detached("maker", "--net", "net");
  await detached("heir", "--net", "container:maker");
  await detached("other", "--net", "net");
  await host.mustTsd(["rm", "-f", "maker"]);
  expect(await ask("other", ["heir"])).toBe("");
  expect(await ask("heir", ["heir", "other"])).toBe("");
  expect(await inside("other", "cat /etc/hosts")).not.toContain("maker");
  await host.mustTsd(["rm", "-f", "heir", "other"]);
  await host.mustTsd(["network", "rm", "net"]);
});

test("nobody in a container is kept from low ports and from ping, and IPv6 is off where it is asked to be", async () => {
  const { host } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.20.0.1/24", "--subnet", "fd20::/64", "net"]);
  const off = ["--sysctl", "net.ipv6.conf.all.disable_ipv6=1", "--add-host", "gate:host-gateway"];
  await detached("plain", "--net", "net", "--user", "1000", "--add-host", "gate:host-gateway");
  await detached("off", "--net", "net", ...off);
  await detached("strict", "--net", "net", "--user", "1000", "--sysctl", "net.ipv4.ip_unprivileged_port_start=1024");
  const bind = "timeout 1 busybox nc -l -p 80 -w 1 </dev/null 2>&1 || true";
  expect(await inside("plain", bind)).not.toContain("ermission");
  expect(await inside("strict", bind)).toContain("ermission denied");
  expect(await inside("plain", "cat /proc/sys/net/ipv4/ping_group_range")).toBe("0\t2147483647");
  expect(await inside("plain", "grep -w gate /etc/hosts")).toBe("10.20.0.1\tgate\nfd20::1\tgate");
  expect(await inside("off", "cat /proc/net/if_inet6; grep :: /etc/hosts || echo none")).toBe("none");
  expect(await inside("off", "cat /etc/hosts")).toContain("10.20.0.1\tgate");
  expect(await inside("plain", "grep -w off /etc/hosts")).toMatch(/^10\.20\.0\.\d+\toff \S+\t# tsd$/);
  expect(await host.mustTsd(["check"])).toBe("");
  await host.mustTsd(["rm", "-f", "plain", "off", "strict"]);
  await host.mustTsd(["network", "rm", "net"]);
});
