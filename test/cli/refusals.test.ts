import { globSync, readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { serveEcho } from "../support/lab/echo.js";
import { Namespace } from "../support/lab/namespace.js";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
const closing: (() => Promise<unknown>)[] = [];
let foreign: Namespace;

const sleep = ["busybox", "sleep", "600"];
const run = (...flags: readonly string[]) => ["run", "-d", ...flags, ...sleep];
const port = (name: string, network = "there") => `name=${network},driver-opt=host_ifname=${name}`;

/** A host on which much is going on, of tsd's and of others'. */
beforeAll(async () => {
  const { host } = lab();
  const tsd = (...words: readonly string[]) => host.mustTsd(words);
  await host.ip("link add br9 type bridge", "address add 10.90.0.1/24 dev br9", "link set br9 up");
  foreign = await Namespace.create("foreign");
  await host.ip(`link add lab0 type veth peer name eth0 netns foreign`, "link set lab0 master br9 up");
  await foreign.ip(
    "address add 10.90.0.2/24 dev eth0",
    "link set eth0 up",
    "route add default via 10.90.0.1 metric 1024",
  );
  await foreign.mustRun(["sysctl", "-q", "-w", "net.ipv4.conf.eth0.log_martians=1"]);
  await tsd(
    "network",
    "create",
    "--subnet",
    "10.50.0.1/24",
    "--subnet",
    "fd00:50::1/64",
    "-o",
    "name=brthere",
    "there",
  );
  await tsd("network", "create", "--subnet", "10.51.0.1/24", "other");
  await tsd("network", "create", "--subnet", "10.52.0.0/30", "tiny");
  await tsd("network", "create", "--subnet", "10.53.0.1/24", "-o", "antispoof=true", "guarded");
  await tsd(
    "network",
    "create",
    "--subnet",
    "10.90.0.1/24",
    "--allow-overlap",
    "-o",
    "adopt=true",
    "-o",
    "name=br9",
    "mine",
  );
  await tsd("run", "-d", "--name", "base", ...sleep);
  await tsd("run", "-d", "--name", "web", "--net", `${port("myport")},ip=10.50.0.9`, "-p", "8080:80", ...sleep);
  await tsd("run", "-d", "--name", "full", "--net", "tiny", "--ip", "10.52.0.2", ...sleep);
  await tsd("run", "-d", "--name", "guest", "--net", "container:web", ...sleep);
  await tsd("network", "connect", "there", "netns:foreign");
  await tsd("create", "--name", "idle", "--net", "other", "--ip", "10.51.0.7", ...sleep);
  await tsd("create", "--name", "wants-port", "--net", "other", "-p", "8080:80", ...sleep);
  await tsd("create", "--name", "wants-name", "--net", port("myport"), ...sleep);
  await tsd("create", "--name", "wants-uplink", "--net", port("uplink0"), ...sleep);
  await tsd("create", "--name", "wants-command", "--net", "other", "-p", "8081:81", "busybox", "nosuch");
  const listener = await serveEcho(host, { protocol: "tcp", address: "0.0.0.0", port: 9999 });
  closing.push(() => listener.close());
  writeFileSync(`${host.root}/damaged.tar`, readFileSync(`${host.root}/busybox.tar`).subarray(0, 70_000));
  await lab().settle();
});

afterAll(async () => {
  const { host } = lab();
  for (const close of closing) await close();
  await host.mustTsd(["network", "disconnect", "there", "netns:foreign"]);
  expect(await foreign.mustRun(["ip", "route"])).toContain("default via 10.90.0.1 dev eth0 metric 1024");
  await host.tsd(["rm", "-f", ...(await host.mustTsd(["ps", "-aq"])).split("\n")]);
  await host.mustTsd(["network", "rm", "there", "other", "tiny", "guarded", "mine", "bridge"]);
  // Of a bridge that was taken over, all is as it was.
  expect(await host.mustRun(["ip", "address", "show", "br9"])).toContain("10.90.0.1/24");
  await host.ip("link delete lab0", "link delete br9");
  await host.mustRun(["ip", "netns", "delete", "foreign"]);
});

/** What lines of residue leave out: whole rows, and what tells one link from another of its name. */
async function depths(): Promise<readonly unknown[]> {
  const { host } = lab();
  const links = async (place: Namespace) => JSON.parse(await place.mustRun(["ip", "-json", "address"]));
  const [path = ""] = globSync(`${host.root}/*.db`);
  using database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  const tables = ["networks", "endpoints", "containers", "images", "settings", "leases", "port_claims"];
  const present = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const rows = present
    .filter(({ name }) => tables.includes(String(name)))
    .map(({ name }) => database.prepare(`SELECT * FROM "${name}" ORDER BY rowid`).all());
  const texts = globSync(`${host.runDirectory}/sandboxes/*/*`).map((file) => readFileSync(file, "utf8"));
  return [await links(host), await links(foreign), await foreign.mustRun(["ip", "route"]), rows, texts];
}

/** Two lines: a sentence that names what is in the way, and what to do. */
const refusals: readonly (readonly [words: readonly string[], code: number, names: string])[] = [
  [run("--name", "web"), 125, 'container "web" exists'],
  [["create", "--name", "web", ...sleep], 1, 'container "web" exists'],
  [run("-p", "8080:80"), 125, 'container "web"'],
  [run("-p", "9990-9999:90-99"), 125, "port 9999/tcp is in use"],
  [run("--net", "there", "--ip", "10.50.0.9"), 125, 'container "web"'],
  [run("--net", "other", "--ip", "10.51.0.7"), 125, 'container "idle"'],
  [run("--net", "tiny"), 125, "10.52.0.0/30"],
  [run("--net", port("uplink0")), 125, "uplink0 is taken by a link of the host"],
  [run("--net", port("br9")), 125, "br9 is taken by a link of the host"],
  [run("--net", port("lo")), 125, "lo is taken by a link of the host"],
  [run("--net", port("myport", "other")), 125, 'myport is taken by the port of container "web"'],
  [run("--net", port("brthere")), 125, 'brthere is taken by the bridge of network "there"'],
  [run("--net", `name=other`, "--net", port("lab0")), 125, "lab0 is taken by a link of the host"],
  [run("--net", port("twice"), "--net", port("twice", "other")), 125, "twice"],
  [run("--net", "name=there,driver-opt=ifname=x0", "--net", "name=other,driver-opt=ifname=x0"), 125, "x0"],
  [run("--net", "container:idle"), 125, '"idle"'],
  [run("--net", "ns:/run/netns/nosuch"), 125, "/run/netns/nosuch"],
  [run("--net", "there", "--sysctl", "net.ipv4.nosuch=1"), 125, "net/ipv4/nosuch"],
  [run("--net", "there", "-v", "/nosuch:/x"), 125, "/nosuch"],
  [["run", "-d", "--net", "there", "-p", "8082:80", "busybox", "nosuch"], 127, '"nosuch"'],
  [["run", "--rm", "--net", port("mine0"), "busybox", "nosuch"], 127, '"nosuch"'],
  [["run", "-d", "--name", "web", "nosuch", "true"], 125, '"nosuch"'],
  [["start", "web"], 1, '"web" is running'],
  [["start", "wants-port"], 1, 'container "web"'],
  [["start", "wants-name"], 1, 'myport is taken by the port of container "web"'],
  [["start", "wants-uplink"], 1, "uplink0 is taken by a link of the host"],
  [["start", "wants-command"], 127, '"nosuch"'],
  [["rm", "web"], 1, '"web" is running'],
  [["kill", "idle"], 1, '"idle" is not running'],
  [["kill", "-s", "NOSUCH", "web"], 1, "NOSUCH"],
  [["exec", "idle", "true"], 125, '"idle" is not running'],
  [["network", "create", "there"], 1, '"there" exists'],
  [["network", "create", "-o", "name=br9", "x"], 1, "br9 is taken by a link of the host"],
  [["network", "create", "-o", "name=uplink0", "x"], 1, "uplink0 is taken by a link of the host"],
  [["network", "create", "-o", "name=myport", "x"], 1, 'myport is taken by the port of container "web"'],
  [["network", "create", "-o", "name=brthere", "x"], 1, 'brthere is taken by the bridge of network "there"'],
  [["network", "create", "--subnet", "10.50.0.0/16", "x"], 1, 'network "there"'],
  [["network", "rm", "there"], 1, 'container "web"'],
  [["network", "connect", "there", "web"], 1, '"there" already'],
  [["network", "connect", "--ip", "10.51.0.7", "other", "web"], 1, 'container "idle"'],
  [["network", "connect", "--driver-opt", "host_ifname=uplink0", "other", "web"], 1, "uplink0 is taken"],
  [["network", "connect", "--driver-opt", "host_ifname=lab0", "other", "guest"], 1, '"guest"'],
  [["network", "connect", "--driver-opt", "ifname=eth0", "other", "web"], 1, "eth0"],
  [["network", "connect", "--driver-opt", "ifname=eth0", "other", "netns:foreign"], 1, "eth0"],
  [["network", "connect", "--driver-opt", "ifname=lo", "other", "netns:foreign"], 1, "lo"],
  [["network", "connect", "--driver-opt", "host_ifname=myport", "other", "netns:foreign"], 1, "myport is taken"],
  [["network", "connect", "there", "netns:foreign"], 1, '"there" already'],
  [["network", "disconnect", "other", "web"], 1, '"other"'],
  [["network", "disconnect", "other", "netns:foreign"], 1, '"other"'],
  [["port", "add", "web", "9999:80"], 1, "port 9999/tcp is in use"],
  [["port", "add", "web", "8083:83", "8080:84"], 1, 'container "web"'],
  [["port", "add", "idle", "8084:84"], 1, '"idle" is not running'],
  [["port", "rm", "web", "81"], 1, "does not publish 81"],
  [["image", "import", "ROOT/damaged.tar", "busybox"], 1, "damaged.tar"],
  [["image", "load", "-i", "ROOT/damaged.tar"], 1, "damaged.tar"],
  [["image", "rm", "busybox"], 1, "busybox"],
  [["system", "init", "--bip", "10.54.0.1/24"], 1, 'container "base"'],
  [["system", "init", "--bridge", "nosuch"], 1, "nosuch"],
  [["system", "init", "--bridge", "uplink0"], 1, "uplink0"],
  [["nat", "use", "nosuch"], 2, "nosuch"],
  [["nat", "use", "iptables"], 1, "guarded"],
  [["system", "init", "--nat", "iptables"], 1, "guarded"],
];

test.each(refusals)("%j is refused, and all that was there is as it was", async (words, code, names) => {
  const { host } = lab();
  const before = await depths();
  const result = await host.tsd(words.map((word) => word.replace("ROOT", host.root)));
  expect(result.stderr).toContain(names);
  expect(result.stderr).toMatch(/^tsd: [^\n]+\n(hint: [^\n]+\n)?$/);
  expect(result).toMatchObject({ code, stdout: "" });
  expect(await depths()).toEqual(before);
});
