import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { Ecosystems } from "../support/lab/ecosystems.js";
import { addresses, type Lab, openLab, uplink } from "../support/lab/lab.js";
import type { Program } from "../support/lab/program.js";

let lab: Lab;
let ecosystems: Ecosystems;
let plugin: Program;
let stopDockerd: (() => Promise<void>) | undefined;
/** What dockerd and the plug-in are themselves, and rules of docker's, which count packets and bear no comment of tsd's. */
const dockers =
  /^(missing )?(descriptor socket|process .*(dockerd|containerd|plugin serve)|nft rule ip (filter|nat) (?!.*comment))/;
beforeAll(async () => {
  lab = await openLab();
  ecosystems = await Ecosystems.install(lab.host);
  plugin = await serve();
  stopDockerd = await ecosystems.startDockerd();
  // What stays from the first use on: directories, and rules that never change.
  await docker("network create -d tsd first");
  await docker("run --rm --network=first -p 1:1 busybox true");
  await docker("network rm first");
  await lab.settle();
}, 120_000);
afterEach(async () => {
  expect(await tsd("network", "ls", "--format", "{{.Name}}")).not.toContain("docker-");
  expect(await tsd("check")).toBe("");
  expect((await lab.residue(1000)).filter((line) => !dockers.test(line))).toEqual([]);
}, 120_000);
afterAll(async () => {
  await stopDockerd?.();
  expect(await end(plugin)).toMatchObject({ code: 0 });
  await ecosystems.remove();
  await lab.close();
}, 60_000);

/** Starts tsd as a plug-in of docker's. */
async function serve(...words: readonly string[]): Promise<Program> {
  const served = ecosystems.start(["tsd", "plugin", "serve", ...words], { timeout: 300_000 });
  await served.saying("serves driver");
  return served;
}

function end(served: Program, signal: NodeJS.Signals = "SIGTERM"): Program["ended"] {
  served.kill(signal);
  return served.ended;
}

async function tsd(...words: readonly string[]): Promise<string> {
  return (await ecosystems.mustRun(["tsd", ...words])).trimEnd();
}

/** Runs docker with the words of a line. */
async function docker(line: string): Promise<string> {
  return (await ecosystems.mustRun(["/usr/bin/docker", ...line.split(" ")], { timeout: 60_000 })).trimEnd();
}

interface Settings {
  readonly Networks: Readonly<Record<string, { readonly MacAddress: string; readonly IPAddress: string }>>;
}

async function settingsOf(container: string): Promise<Settings> {
  return JSON.parse(await docker(`inspect ${container}`))[0].NetworkSettings;
}

/** What docker says that it refuses. */
async function refusal(line: string): Promise<string> {
  const { code, stderr } = await ecosystems.run(["/usr/bin/docker", ...line.split(" ")], { timeout: 60_000 });
  expect(code).not.toBe(0);
  return stderr;
}

/** Says its hostname to callers of port 80. */
const web = "busybox busybox nc -ll -p 80 -e hostname";
/** Calls until somebody replies: the container listens some time after its start. */
const calling = (address: string, port: number): readonly string[] => [
  "sh",
  "-c",
  `for i in $(seq 100); do busybox nc -w 10 ${address} ${port} </dev/null && exit; sleep 0.1; done; exit 1`,
];

function fromInternet(port: number, address: string = addresses.host): Promise<string> {
  return lab.internet.mustRun(calling(address, port), { timeout: 40_000 });
}

function inside(container: string, line: string): Promise<string> {
  return ecosystems.mustRun(["/usr/bin/docker", "exec", container, "sh", "-c", line], { timeout: 60_000 });
}

test("docker's containers on a network of tsd's reach each other by name and the outside, and publish ports", async () => {
  await docker("network create -d tsd --ipv6 --subnet=10.66.0.0/24 --subnet=fd00:66::/64 -o mtu=1400 net");
  await docker(`run -d --name=one --hostname=one --network=net --mac-address=02:11:22:33:44:55 -p 8080:80 ${web}`);
  await docker(`run -d --name=two --hostname=two --network=net -p 127.0.0.1:8081:80 -p 9000:9000/udp ${web}`);
  expect(await inside("one", "nc -w 10 two 80 </dev/null")).toBe("two\n");
  expect(await fromInternet(8080)).toBe("one\n");
  expect(await fromInternet(8080, addresses.host6)).toBe("one\n");
  expect(await lab.host.mustRun(calling("127.0.0.1", 8081), { timeout: 40_000 })).toBe("two\n");
  for (const address of [addresses.server, addresses.server6]) await inside("two", `ping -c 1 -w 5 ${address}`);
  const link = await inside("one", "ip address show eth0; ip route; cat /etc/resolv.conf");
  for (const text of ["02:11:22:33:44:55", "mtu 1400", "10.66.0.2/24", "default via 10.66.0.1", "127.0.0.11"]) {
    expect(link).toContain(text);
  }
  const { net } = (await settingsOf("two")).Networks;
  expect(net).toMatchObject({ IPAddress: "10.66.0.3", Gateway: "10.66.0.1" });
  expect(await inside("two", "ip link show eth0")).toContain(net?.MacAddress);
  expect(await tsd("check")).toBe("");
  const explained = await tsd("explain", "outside", `${addresses.host}:8080`);
  expect(explained).toContain("verdict: reaches");
  await ecosystems.mustRun(["nft", "delete", "table", "inet", "tsd"]);
  await tsd("reload");
  expect(await fromInternet(8080)).toBe("one\n");
  expect(await refusal(`run --rm --network=net -p 8080:80 ${web}`)).toContain("port 8080/tcp is published by");
  await docker("rm -f one two");
  await docker("network rm net");
}, 180_000);

test("containers move between networks, and live through the ends of the plug-in and of dockerd", async () => {
  await docker("network create -d tsd --subnet=10.66.0.0/24 net");
  await docker("network create -d tsd --subnet=10.67.0.0/24 --internal side");
  await docker(`run -d --name=one --hostname=one --network=net --restart=always -p 8080:80 ${web}`);
  await docker("network connect --ip=10.67.0.9 side one");
  expect(await inside("one", "ip -o -4 address show eth1; ip route")).toMatch(
    /10\.67\.0\.9\/24[\s\S]*via 10\.66\.0\.1/,
  );
  expect(await fromInternet(8080)).toBe("one\n");
  // docker repeats its calls until the plug-in is there again.
  await end(plugin, "SIGKILL");
  const moved = docker("network disconnect net one");
  plugin = await serve();
  await moved;
  expect(await inside("one", "ip route")).not.toContain("default");
  await docker("network connect net one");
  expect(await fromInternet(8080)).toBe("one\n");
  await docker("restart -t 0 one");
  expect(await fromInternet(8080)).toBe("one\n");
  expect(await tsd("check")).toBe("");
  await stopDockerd?.();
  stopDockerd = await ecosystems.startDockerd();
  expect(await fromInternet(8080)).toBe("one\n");
  expect((await settingsOf("one")).Networks).toMatchObject({ side: { IPAddress: "10.67.0.9" } });
  expect(await tsd("check")).toBe("");
  await docker("rm -f one");
  await docker("network rm net side");
}, 180_000);

test("a container of docker's is on the LAN of the host by macvlan", async () => {
  const lan = await serve("--driver", "macvlan", "--name", "tsd-lan");
  const subnet = `--subnet=198.51.100.0/24 --gateway=${addresses.internet}`;
  await docker(`network create -d tsd-lan ${subnet} -o parent=${uplink} lan`);
  await docker(`run -d --name=one --hostname=one --network=lan --ip=198.51.100.77 ${web}`);
  expect(await fromInternet(80, "198.51.100.77")).toBe("one\n");
  await docker("restart -t 0 one");
  expect(await fromInternet(80, "198.51.100.77")).toBe("one\n");
  expect(await tsd("check")).toBe("");
  await tsd("reload");
  expect(await lab.host.mustRun(["ip", "link"])).not.toContain("macvlan");
  await docker("rm -f one");
  await docker("network rm lan");
  expect(await end(lan)).toMatchObject({ code: 0, stderr: "" });
}, 180_000);

test("what tsd cannot do is said in a sentence, by docker or at the start", async () => {
  expect(await refusal("network create -d tsd -o nonsense=1 net")).toContain(
    'the bridge driver has no option "nonsense"',
  );
  expect(await refusal("network create -d tsd --ipam-driver=null net")).toMatch(
    /docker gives network \w+ no addresses/,
  );
  const other = await serve("--name=other");
  await docker("network create -d other --subnet=10.68.0.0/24 net");
  await ecosystems.mustRun(["tsd", "network", "prune", "--force"]);
  await docker("run --rm --network=net busybox true");
  await docker("network rm net");
  // Not even a warning of dockerd's chains, which let the network through by now.
  expect(await end(other, "SIGKILL")).toMatchObject({ stderr: "" });
  // What is left of a process that was killed is replaced; one that lives is not.
  await end(await serve("--name=other"));
  for (const [words, message] of [
    [[], /^tsd: \/run\/docker\/plugins\/tsd\.sock is served by tsd \(process \d+\) already\n/],
    [["--driver=nope"], /^tsd: there is no driver "nope"\n/],
    [["--driver=ptp"], /^tsd: docker cannot be served by driver "ptp": it has routes of its own in containers/],
    [["--driver=host"], /^tsd: docker cannot be served by driver "host": it has one network/],
    [["--driver=docker:tsd"], /^tsd: docker cannot be served by driver "docker:tsd": it is a plug-in of another/],
    [["--name=../x"], /^tsd: "\.\.\/x" is no name of a plug-in\n/],
    [["--socket=/etc/passwd"], /^tsd: \/etc\/passwd is no socket, and something else\n/],
  ] as const) {
    const { code, stderr } = await ecosystems.run(["tsd", "plugin", "serve", ...words]);
    expect(stderr).toMatch(message);
    expect(code).toBeGreaterThan(0);
  }
  expect(await ecosystems.mustRun(["stat", "-c", "%a %U", "/run/docker/plugins/tsd.sock"])).toBe("600 root\n");
}, 180_000);
