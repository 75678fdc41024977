import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { Ecosystems } from "../support/lab/ecosystems.js";
import { addresses, type Lab, openLab } from "../support/lab/lab.js";
import { Podman } from "../support/lab/podman.js";

let lab: Lab;
let ecosystems: Ecosystems;
let podman: Podman;
beforeAll(async () => {
  lab = await openLab();
  ecosystems = await Ecosystems.install(lab.host);
  podman = await Podman.install(lab.host, ecosystems);
  // What stays from the first use on: directories, and rules that never change.
  await podman.must("run --rm --publish=1:1 busybox true");
  await lab.settle();
}, 120_000);
afterEach(async () => {
  await podman.must("rm --all --force --time=0");
  await podman.must("network prune --force");
  expect(await lab.residue()).toEqual([]);
}, 120_000);
afterAll(async () => {
  await ecosystems.remove();
  await lab.close();
});

/** Says its hostname to callers of port 80. */
const serve = "busybox busybox nc -ll -p 80 -e hostname";
/** Calls until somebody replies: the container listens some time after its start. */
const calling = (address: string, port: number): readonly string[] => [
  "sh",
  "-c",
  `for i in $(seq 100); do busybox nc -w 10 ${address} ${port} </dev/null && exit; sleep 0.1; done; exit 1`,
];

/** Where podman's namespaces are mounted. */
async function tsd(...words: readonly string[]): Promise<string> {
  return (await ecosystems.mustRun(["tsd", ...words])).trimEnd();
}

/** Names of tsd's networks that serve podman's. */
async function networks(): Promise<readonly string[]> {
  const lines = await tsd("network", "ls", "--format", "{{.Name}}");
  return lines.split("\n").filter((name) => name.startsWith("podman-"));
}

async function fromInternet(port: number): Promise<string> {
  return lab.internet.mustRun(calling(addresses.host, port), { timeout: 40_000 });
}

async function fromHost(port: number): Promise<string> {
  return lab.host.mustRun(calling("127.0.0.1", port), { timeout: 40_000 });
}

/** IPv4, on its first network; of a pod, its infra container's. */
async function addressOf(name: string): Promise<string> {
  const container = name === "pod" ? await podman.must("pod inspect pod --format {{.InfraContainerID}}") : name;
  const words = ["inspect", container, "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}"];
  return (await ecosystems.mustRun(["podman", ...words])).trim();
}

/** Runs a line of the shell in a container. */
function inside(container: string, line: string): Promise<string> {
  return ecosystems.mustRun(["podman", "exec", container, "sh", "-c", line], { timeout: 60_000 });
}

test("containers on a network of podman's reach each other by name, and others reach what they publish", async () => {
  await podman.must("network create net");
  await podman.must(`run -d --name=a --hostname=one --network=net -p 8080:80 ${serve}`);
  await podman.must(
    `run -d --name=b --hostname=two --network=net -p 127.0.0.1:8081:80 -p 9000-9001:80-81/udp ${serve}`,
  );
  expect(await fromInternet(8080)).toBe("one\n");
  expect(await fromHost(8080)).toBe("one\n");
  expect(await fromHost(8081)).toBe("two\n");
  expect(await inside("a", "nc -w 10 b 80 </dev/null")).toBe("two\n");
  expect(await networks()).toEqual(["podman-net"]);
  expect(await podman.must("network inspect net --format {{.NetworkInterface}}")).toBe("podman1");
  const explained = await tsd("explain", "outside", `${addresses.host}:8080`);
  expect(explained).toContain("port 8080/tcp is published");
  expect(explained).not.toContain("in vain");
  expect(await tsd("check")).toBe("");
  expect(await tsd("events", "--all", "--no-follow")).toContain("name=podman-net");
  await ecosystems.mustRun(["nft", "flush", "ruleset"]);
  await tsd("reload");
  expect(await fromInternet(8080)).toBe("one\n");
  await podman.must("network reload a");
  await podman.must("restart --time=0 b");
  expect(await tsd("check")).toBe("");
  expect(await fromHost(8081)).toBe("two\n");
  expect(await fromInternet(8080)).toBe("one\n");
  await podman.must("rm --force --time=0 a b");
  expect(await networks()).toEqual([]);
}, 120_000);

test("a container moves between networks, with its addresses and its ports", async () => {
  await podman.must("network create --subnet=10.66.0.0/24 --subnet=fd00:66::/64 --ipv6 --opt=mtu=1400 dual");
  await podman.must("network create --subnet=10.67.0.0/24 side");
  const own = "--ip=10.66.0.9 --ip6=fd00:66::9 --mac-address=02:11:22:33:44:55";
  await podman.must(`run -d --name=a --hostname=one --network=dual ${own} -p 8080:80 ${serve}`);
  const link = await inside("a", "ip address show eth0; ip link show lo");
  for (const text of ["10.66.0.9/24", "fd00:66::9/64", "02:11:22:33:44:55", "mtu 1400", "lo: <LOOPBACK,UP"]) {
    expect(link).toContain(text);
  }
  expect(await fromInternet(8080)).toBe("one\n");
  expect(await lab.internet.mustRun(calling(addresses.host6, 8080), { timeout: 40_000 })).toBe("one\n");
  await podman.must("network connect side a");
  expect(await inside("a", "ip -o -4 address show eth1")).toContain("10.67.0.2/24");
  expect(await fromInternet(8080)).toBe("one\n");
  expect(await tsd("check")).toBe("");
  await podman.must("network disconnect dual a");
  expect(await networks()).toEqual(["podman-side"]);
  expect(await fromInternet(8080)).toBe("one\n");
  await podman.must("network disconnect side a");
  expect(await networks()).toEqual([]);
}, 120_000);

test("pods, internal networks, and networks that keep to themselves", async () => {
  await podman.must("network create --internal closed");
  await podman.must("network create --opt=isolate=true apart");
  await podman.must("network create open");
  const infra = "--infra-image=busybox --infra-command='busybox sleep 600'";
  await podman.shell(`podman pod create --name=pod --network=open --publish=8080:80 --hostname=one ${infra}`);
  await podman.must(`run -d --pod=pod --name=a ${serve}`);
  await podman.must(`run -d --name=b --network=closed --hostname=two ${serve}`);
  await podman.must(`run -d --name=c --network=apart --hostname=three ${serve}`);
  expect(await fromInternet(8080)).toBe("one\n");
  expect(await inside("b", "nc -w 1 203.0.113.9 80 </dev/null || echo out of reach")).toBe("out of reach\n");
  const [open, apart] = await Promise.all(["pod", "c"].map(addressOf));
  expect(await inside("c", `nc -w 10 ${open} 80 </dev/null`)).toBe("one\n");
  expect(await inside("a", `nc -w 1 ${apart} 80 </dev/null || echo out of reach`)).toBe("out of reach\n");
  expect(await tsd("check")).toBe("");
  await podman.must("pod rm --force --time=0 pod");
}, 120_000);

test("a container is on the LAN of the host by macvlan", async () => {
  await podman.must("network create --driver=macvlan --opt=parent=uplink0 --subnet=198.51.100.0/24 lan");
  await podman.must(`run -d --name=a --hostname=one --network=lan --ip=198.51.100.77 ${serve}`);
  expect(await lab.internet.mustRun(calling("198.51.100.77", 80), { timeout: 40_000 })).toBe("one\n");
  expect(await networks()).toEqual(["podman-lan"]);
  expect(await tsd("check")).toBe("");
}, 120_000);

test("containers start and go at the same time", async () => {
  await podman.must("network create net");
  const names = ["a", "b", "c", "d"];
  await Promise.all(
    names.map((name, at) => podman.must(`run -d --name=${name} --network=net -p 808${at}:80 ${serve}`)),
  );
  expect(await tsd("check")).toBe("");
  expect(await fromInternet(8083)).toMatch(/./);
  await Promise.all(names.map((name) => podman.must(`rm --force --time=0 ${name}`)));
  expect(await networks()).toEqual([]);
}, 120_000);
