import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { netavarkPlugins as plugins } from "../support/hosts/netavark-plugins.js";
import { addresses } from "../support/lab/lab.js";
import { endOf } from "../support/lab/process-end.js";
import { inspect, namespaceOf, useTsdLab } from "./tsd-lab.js";

beforeAll(async () => {
  await plugins.begin();
  plugins.addWorking("vrouter");
});
const lab = useTsdLab();
// After the lab, which compares mounts too.
afterAll(() => plugins.end());
const subnet = ["--subnet", "10.77.0.0/24"];
const create = ["network", "create", "--driver", "netavark:vrouter", ...subnet];
const serve = ["busybox", "busybox", "nc", "-ll", "-p", "80", "-e", "hostname"];

beforeAll(async () => {
  // The directory of all that plug-ins reply stays.
  await lab().host.mustTsd([...create, "first"]);
  await lab().host.mustTsd(["network", "rm", "first"]);
  await lab().settle();
  plugins.calls();
});

test("a plug-in of netavark's makes interfaces and ports, from the creation of its network to the end", async () => {
  const { host } = lab();
  const id = await host.mustTsd([...create, "-o", "mtu=1400", "far"]);
  const network = {
    name: "far",
    id,
    driver: "vrouter",
    options: { mtu: "1400" },
    subnets: [{ subnet: "10.77.0.0/24", gateway: "10.77.0.1" }],
  };
  expect(plugins.calls()).toMatchObject([{ verb: "create", input: network }]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "far", "-p", "8080:80", ...serve]);
  const { NetworkSettings } = await inspect(lab(), "web");
  expect(NetworkSettings.IPAddress).toBe("10.77.0.2");
  const setup = {
    ...{ container_name: expect.stringMatching(/^[0-9a-f]{12}$/) },
    network: { ...network, network_interface: "nv-far" },
    network_options: { interface_name: "eth0", static_ips: ["10.77.0.2"] },
    port_mappings: [{ host_ip: "", host_port: 8080, container_port: 80, range: 1, protocol: "tcp" }],
  };
  expect(plugins.calls()).toMatchObject([{ verb: "setup", input: setup }]);
  const ping = ["run", "--rm", "--net", "far", "busybox", "ping", "-c", "1", "-W", "5"];
  expect(await host.mustTsd([...ping, "web"])).toContain("1 packets received");
  const call = ["busybox", "nc", "-w", "5", addresses.host, "8080"];
  const name = (await inspect(lab(), "web")).Id.slice(0, 12);
  expect((await host.mustRun(call)).trim()).toBe(name);
  expect(await host.tsd(["check"])).toEqual({ code: 0, stdout: "", stderr: "" });
  plugins.calls();

  const web = await namespaceOf(lab(), "web");
  await web.ip("address delete 10.77.0.2/24 dev eth0");
  expect((await host.tsd(["check"])).stdout).toMatch(
    /netavark-endpoint eth0 by vrouter .*no address 10\.77\.0\.2\/24\n/,
  );
  await web.ip("link delete eth0");
  expect((await host.tsd(["check"])).stdout).toMatch(/netavark-endpoint eth0 by vrouter is missing\n/);
  expect(plugins.calls()).toEqual([]);
  await host.mustTsd(["reload"]);
  expect(plugins.calls().map(({ verb }) => verb)).toEqual(["teardown", "setup"]);
  expect((await host.mustRun(call)).trim()).toBe(name);

  const plan = await host.mustTsd(["rm", "-f", "--dry-run", "web"]);
  expect(plan).toMatch(/vrouter teardown /);
  expect(await host.mustTsd(["run", "--dry-run", "--net", "far", "busybox", "true"])).toMatch(
    /vrouter setup .*"static_ips"/s,
  );
  expect(await host.mustTsd([...create.slice(0, 4), "other", "--dry-run"])).toMatch(/vrouter create/);
  expect(plugins.calls()).toEqual([]);
  await host.mustTsd(["rm", "-f", "web"]);
  await host.mustTsd(["network", "rm", "far"]);
  expect(plugins.calls().map(({ verb }) => verb)).toEqual(["teardown"]);
});

test("a plug-in that is gone keeps its containers until that is forced, and its networks do not need it", async () => {
  const { host } = lab();
  await host.mustTsd([...create, "far"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "far", "busybox", "sleep", "600"]);
  plugins.remove("vrouter");
  const missing =
    /netavark plug-in "vrouter", verb (setup|teardown): its program is in none of \/usr\/local\/libexec\/netavark, /;
  expect(await host.tsd(["check"])).toMatchObject({ code: 0 });
  expect((await host.tsd(["run", "--net", "far", "busybox", "true"])).stderr).toMatch(missing);
  expect((await host.tsd(["stop", "--time", "0", "web"])).stderr).toMatch(missing);
  const given = await host.tsd(["rm", "--force", "web"]);
  expect(given.stderr).toMatch(
    /tsd: container web: gave up netavark-endpoint eth0 by vrouter, which no plug-in removed\n$/,
  );
  await host.mustTsd(["network", "rm", "far"]);
  plugins.addWorking("vrouter");
  // What it made on the host is its own to remove.
  await host.ip("link delete nv-far");
});

test("a plug-in that is called when tsd dies is killed, and all that it has started", async () => {
  const { host } = lab();
  const said = "/run/started";
  await host.mustRun(["mkfifo", said]);
  plugins.add("slow", `(trap "" ALRM TERM; sleep 1000; sleep 1000) & echo $! $$ >${said}; wait`);
  const creating = host.startTsd(["network", "create", "--driver", "netavark:slow", ...subnet, "far"]);
  const pids = (await host.mustRun(["cat", said])).trim().split(" ");
  creating.kill("SIGKILL");
  await creating.ended;
  for (const pid of pids) await endOf(Number(pid));
  await host.mustRun(["rm", said]);
  plugins.remove("slow");
  expect(await host.tsd(["check"])).toMatchObject({ code: 0 });
});

test("a plug-in that hangs over what a dead command left keeps one other command waiting, and no more", async () => {
  const { host } = lab();
  await host.mustTsd([...create, "far"]);
  await host.mustTsd(["network", "create", "near"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "near", "busybox", "sleep", "600"]);
  plugins.calls();
  plugins.addHanging("vrouter", "eth1");
  const connecting = host.startTsd(["network", "connect", "far", "web"]);
  await plugins.called();
  connecting.kill("SIGKILL");
  await connecting.ended;
  expect(plugins.calls().map(({ verb }) => verb)).toEqual(["setup"]);
  expect(await host.tsd(["ps", "--quiet"])).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(
      /^tsd: warning: what a dead .*: netavark plug-in "vrouter", verb teardown: it did not end within \d+ seconds; tsd reload tries /,
    ),
  });
  expect(plugins.calls().map(({ verb }) => verb)).toEqual(["teardown"]);
  for (const words of [
    ["ps", "--quiet"],
    ["network", "create", "other"],
  ])
    expect(await host.tsd(words)).toMatchObject({ code: 0, stderr: "" });
  expect(plugins.calls()).toEqual([]);
  plugins.add("vrouter", 'nsenter --net="$2" ip link delete eth1');
  expect(await host.tsd(["check"])).toEqual({ code: 0, stdout: "", stderr: "" });
  await host.mustTsd(["rm", "-f", "web"]);
  await host.mustTsd(["network", "rm", "far", "near", "other"]);
  plugins.addWorking("vrouter");
});

describe("a plug-in that fails is named in one sentence, and nothing is left", () => {
  const bad: readonly (readonly [what: string, script: string, said: RegExp])[] = [
    ["says why", `echo '{"error":"create \\u001b[31merror"}'; exit 1`, /: create \\x1b\[31merror$/],
    ["exits without a word", "exit 3", /: it exited with code 3, and did not say why$/],
    ["says why elsewhere", "echo oops >&2; exit 4", /: it exited with code 4, and said: oops$/],
    ["prints garbage", "echo hello", /: its reply is not JSON \(.*\): "hello\\n"$/],
    ["prints nothing", "exit 0", /: its reply is not JSON \(.+\): ""$/],
    ["prints 50 MB", "head -c 50000000 /dev/zero", /: it printed more than 1 MiB$/],
    ["kills itself", "kill -9 $$", /: signal 9 ended it$/],
    ["changes the name", `sed 's/"far"/"near"/'`, /: its reply\.name is not "far": "near"$/],
    ["changes the id", `sed 's/"id":"./"id":"z/'`, /: its reply\.id is not "[0-9a-f]{64}": "z[0-9a-f]{58}…$/],
    ["changes the driver", `sed 's/"bad"/"bridge"/'`, /: its reply\.driver is not "bad": "bridge"$/],
    ["changes the subnet", `sed 's#0/24#0/25#'`, /: it changed the subnets 10\.77\.0\.0\/24 to 10\.77\.0\.0\/25$/],
  ];
  test.each(bad)("in create: it %s", async (_, script, said) => {
    plugins.add("bad", script);
    expect(await refusalOf(["network", "create", "--driver", "netavark:bad", ...subnet, "far"])).toMatch(said);
  });

  test("before any call: its program is not fit to run", async () => {
    const make = ["network", "create", "--driver", "netavark:bad", ...subnet, "far"];
    plugins.add("bad", "exit 0", 0o644);
    expect(await refusalOf(make)).toMatch(/: its program \/usr\/local\/lib\/netavark\/bad is not executable$/);
    plugins.remove("bad");
    expect(await refusalOf(make)).toMatch(/: its program is in none of .*, \/usr\/lib\/netavark$/);
    const other = await lab().host.tsd(["network", "create", "--driver", "netavark:../bad", "far"]);
    expect(other.stderr).toMatch(
      /there is no network driver "netavark:\.\.\/bad"\nhint: Use one of: .*netavark:vrouter/,
    );
  });

  test.each<[flaw: string, said: RegExp]>([
    ["dies", /: signal 9 ended it$/],
    ["renames", /: it reports the interface "eth7", where eth0 alone was asked for$/],
    ["lies", /: it reports eth0 in .*\/netns\/[0-9a-f]+, which has no address 10\.99\.0\.1\/24$/],
  ])("half-way through setup: it %s", async (flaw, said) => {
    await lab().host.mustTsd([...create, "-o", `flaw=${flaw}`, "far"]);
    expect(await refusalOf(["run", "--net", "far", "-p", "8080:80", "busybox", "true"])).toMatch(said);
    await lab().host.mustTsd(["network", "rm", "far"]);
  });

  test("for an address that tsd did not lease", async () => {
    await lab().host.mustTsd([...create, "-o", "flaw=poses", "far"]);
    const { code, stderr } = await lab().host.tsd(["run", "--net", "far", "busybox", "true"]);
    expect({ code, stderr }).toMatchObject({
      code: 125,
      stderr: expect.stringMatching(
        /^tsd: driver "netavark:vrouter" of network "far" reports address "\S+\.9\/24" for an endpoint, which is not the one that tsd leased\n/,
      ),
    });
    await lab().host.mustTsd(["network", "rm", "far"]);
  });

  test("for an option that it does not take", async () => {
    expect(await refusalOf([...create, "-o", "speed=9", "far"])).toMatch(/, verb create: unsupported option speed$/);
  });
});

async function refusalOf(words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await lab().host.tsd(words);
  expect([code, stdout]).toEqual([words[0] === "run" ? 125 : 1, ""]);
  expect(stderr).toMatch(/^tsd: netavark plug-in "(bad|vrouter)", verb (create|setup): .*\nhint: .*\n$/);
  return stderr.split("\n")[0] ?? "";
}
