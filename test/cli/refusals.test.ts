import { globSync, readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { beforeAll, expect, test } from "@jest/globals";
import { Namespace } from "../support/lab/namespace.js";
import type { Program } from "../support/lab/program.js";
import { residue } from "../support/lab/residue.js";
import { removeDefaultNetwork, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
let foreign: Namespace;
let listener: Program;
/** What was there at first, and what must be there after each refusal. */
let bare: readonly string[];
let before: readonly unknown[];

const sleep = ["busybox", "sleep", "600"];
const run = (...flags: readonly string[]) => ["run", "-d", ...flags, ...sleep];
const adopting = (link: string) => ["network", "create", "-o", "adopt=true", "-o", `name=${link}`, "x"];
const port = (name: string, network = "there") => `name=${network},driver-opt=host_ifname=${name}`;

/** A host on which much is going on, of tsd's and of others'. */
beforeAll(async () => {
  const { host } = lab();
  bare = await residue(host);
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
  await host.tsd(["start", "wants-command"]);
  listener = host.start([process.execPath, "-e", "net.createServer().listen(9999, () => console.log('ready'))"], {
    timeout: 1_200_000,
  });
  await listener.saying("ready");
  writeFileSync(`${host.root}/damaged.tar`, readFileSync(`${host.root}/busybox.tar`).subarray(0, 70_000));
  // Duplicate address detection marks addresses as tentative for a second or two (RFC 4862).
  const sure = 'for i in $(seq 400); do [ -z "$(ip -6 address show tentative)" ] && exit; sleep 0.05; done; exit 1';
  for (const place of [host, foreign]) await place.mustRun(["sh", "-c", sure]);
  await lab().settle();
  before = await depths();
});

/**
 * What lines of residue leave out: whole rows but for who last worked on them, and what distinguishes one link from another.
 */
async function depths(): Promise<readonly unknown[]> {
  const { host } = lab();
  const links = async (place: Namespace) => {
    const found: readonly Record<string, unknown>[] = JSON.parse(await place.mustRun(["ip", "-json", "address"]));
    return found.map(({ ifname, ifindex, address, ifalias, addr_info }) => [
      ifname,
      ifindex,
      address,
      ifalias,
      addr_info,
    ]);
  };
  const [path = ""] = globSync(`${host.root}/*.db`);
  using database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  const rows = ["networks", "endpoints", "containers", "images", "settings"].flatMap((name) =>
    database
      .prepare(`SELECT value FROM ${name} ORDER BY value`)
      .all()
      .map(({ value }) => ({ ...JSON.parse(String(value)), owner: undefined })),
  );
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
  [run("--net", "there", "--mount", "type=bind,source=/nosuch,target=/x"), 125, "/nosuch"],
  [["run", "-d", "--net", "there", "-p", "8082:80", "busybox", "nosuch"], 127, '"nosuch"'],
  [["run", "--rm", "--net", port("mine0"), "busybox", "nosuch"], 127, '"nosuch"'],
  [["run", "-d", "--name", "web", "--pull", "never", "nosuch", "true"], 125, '"nosuch"'],
  [["start", "web"], 1, '"web" is running'],
  [["start", "wants-port"], 1, 'container "web"'],
  [["start", "wants-name"], 1, 'myport is taken by the port of container "web"'],
  [["start", "wants-uplink"], 1, "uplink0 is taken by a link of the host"],
  [["start", "wants-command"], 1, '"nosuch"'],
  [["rm", "web"], 1, '"web" is running'],
  [["kill", "idle"], 1, '"idle" is not running'],
  [["kill", "-s", "NOSUCH", "web"], 2, "NOSUCH"],
  [["exec", "idle", "true"], 125, '"idle" is not running'],
  [["network", "create", "there"], 1, '"there" exists'],
  [["network", "create", "-o", "name=br9", "x"], 1, "br9 is taken by a link of the host"],
  [["network", "create", "-o", "name=uplink0", "x"], 1, "uplink0 is taken by a link of the host"],
  [["network", "create", "-o", "name=myport", "x"], 1, 'myport is taken by the port of container "web"'],
  [["network", "create", "-o", "name=brthere", "x"], 1, 'brthere is taken by the bridge of network "there"'],
  [adopting("uplink0"), 1, "uplink0 is a veth, not a bridge"],
  [adopting("lo"), 1, "lo is"],
  [adopting("myport"), 1, "myport is a veth, not a bridge"],
  [adopting("nosuch"), 1, "there is no bridge nosuch"],
  [["network", "create", "--subnet", "10.50.0.0/16", "x"], 1, 'network "there"'],
  [["network", "rm", "there"], 1, 'container "web"'],
  [["network", "connect", "there", "web"], 1, '"there" already'],
  [["network", "connect", "other", "guest"], 1, "shares the network of another container"],
  [["network", "connect", "--ip", "10.51.0.7", "other", "web"], 1, 'container "idle"'],
  [["network", "connect", "--driver-opt", "host_ifname=uplink0", "other", "web"], 1, "uplink0 is taken"],
  [["network", "connect", "--driver-opt", "host_ifname=lab0", "other", "base"], 1, "lab0 is taken"],
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
  [["image", "import", "ROOT/damaged.tar", "busybox"], 2, "damaged.tar"],
  [["image", "load", "-i", "ROOT/damaged.tar"], 2, "damaged.tar"],
  [["image", "rm", "busybox"], 1, "busybox"],
  [["system", "init", "--bip", "10.54.0.1/24"], 1, 'container "base"'],
  [["system", "init", "--bridge", "nosuch"], 1, "nosuch"],
  [["system", "init", "--bridge", "uplink0"], 1, "uplink0"],
  [["nat", "use", "nosuch"], 2, "nosuch"],
  [["nat", "use", "iptables"], 1, "antispoof"],
  [["system", "init", "--nat", "iptables"], 1, "antispoof"],
];

test.each(refusals)("%j is refused, and all that was there is as it was", async (words, code, names) => {
  const { host } = lab();
  const result = await host.tsd(words.map((word) => word.replace("ROOT", host.root)));
  expect(result.stderr).toContain(names);
  expect(result.stderr).toMatch(/^tsd: [^\n]+\n(hint: [^\n]+\n)?$/);
  expect(result).toMatchObject({ code, stdout: "" });
  expect(await depths()).toEqual(before);
});

test("what is asked for with force and does not exist is no failure, and said", async () => {
  const { host } = lab();
  expect(await host.tsd(["rm", "-f", "nosuch"])).toEqual({
    code: 0,
    stdout: "",
    stderr: 'tsd: container "nosuch" does not exist\n',
  });
  expect(await host.tsd(["network", "rm", "-f", "nosuch"])).toMatchObject({ code: 0, stdout: "" });
  expect(await host.tsd(["rm", "nosuch"])).toMatchObject({ code: 1 });
});

test("at the end all of tsd's goes, and all of others' stays", async () => {
  const { host } = lab();
  listener.kill("SIGKILL");
  await listener.ended;
  await host.mustTsd(["network", "disconnect", "there", "netns:foreign"]);
  await host.mustTsd(["rm", "-f", ...(await host.mustTsd(["ps", "-aq"])).split("\n"), "nosuch"]);
  await host.mustTsd(["network", "rm", "there", "other", "tiny", "guarded", "mine"]);
  await removeDefaultNetwork(lab());
  const inside = await foreign.mustRun(["ip", "-oneline", "address", "show", "eth0"]);
  expect(inside).toContain("10.90.0.2/24");
  expect(await foreign.mustRun(["ip", "route"])).toContain("default via 10.90.0.1 dev eth0 metric 1024");
  expect(await foreign.mustRun(["sysctl", "-n", "net.ipv4.conf.eth0.log_martians"])).toBe("1\n");
  expect(await host.mustRun(["ip", "-oneline", "address", "show", "br9"])).toContain("10.90.0.1/24");
  await host.ip("link delete lab0", "link delete br9");
  await host.mustRun(["ip", "netns", "delete", "foreign"]);
  await lab().settle();
  const left = await residue(host);
  expect(left.filter((line) => !bare.includes(line) && !line.includes("damaged.tar"))).toEqual([]);
});
