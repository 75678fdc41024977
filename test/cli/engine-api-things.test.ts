import { readFileSync, writeFileSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { eventually } from "../support/eventually.js";
import { addresses } from "../support/lab/lab.js";
import { Overlaid } from "../support/lab/overlaid.js";
import { LabRegistry } from "../support/lab/registry.js";
import { clients, useEngineLab } from "./engine-lab.js";
import { sender } from "./engine-requests.js";

const { lab, service } = useEngineLab();
const send = sender(() => service().socket);
let registry: LabRegistry;
/** A directory of the host for files of tests. */
const path = (name: string): string => `${registry.directory}/${name}`;

beforeAll(async () => {
  const { host } = lab();
  registry = await LabRegistry.start(host);
  await host.mustTsd(["save", "--output", path("saved.tar"), "busybox"]);
  await registry.push(path("saved.tar"), "busybox:latest", "team/bb:1");
}, 120_000);

test("the default network is there with a gateway before any container is", async () => {
  const gateway = ["network", "inspect", "-f", "{{(index .IPAM.Config 0).Gateway}}", "bridge"];
  expect(await service().mustDocker(gateway)).toMatch(/^\d+\.\d+\.\d+\.1$/);
});

describe.each(clients)("%s", (client) => {
  const docker = (...args: readonly string[]): Promise<string> => service().mustDocker(args, { client });
  const refused = async (...args: readonly string[]): Promise<string> => {
    const { code, stderr } = await service().docker(args, { client });
    expect(code).not.toBe(0);
    return stderr;
  };

  test("run fetches an image that is missing, and images are named, listed and removed", async () => {
    const name = "127.0.0.1:5000/team/bb:1";
    const ran = await service().docker(["run", "--rm", "--network", "none", name, "echo", "hello"], { client });
    expect(ran).toMatchObject({ code: 0, stdout: "hello\n" });
    expect(ran.stderr).toMatch(/Unable to find image .* locally\n1: Pulling from team\/bb\n(.*\n)*Digest: sha256:/);
    expect(ran.stderr).toContain(`Status: Downloaded newer image for ${name}`);
    expect(await docker("pull", name)).toContain(`Status: Image is up to date for ${name}`);
    expect(await docker("images", "--format", "{{.Repository}}:{{.Tag}}", "127.0.0.1:5000/team/bb")).toBe(name);
    await docker("tag", name, "mine:2");
    const id = await docker("image", "inspect", "-f", "{{.Id}} {{index .RepoDigests 0}}", "mine:2");
    expect(id).toMatch(/^sha256:\w{64} 127\.0\.0\.1:5000\/team\/bb@sha256:\w{64}$/);
    expect(await docker("history", "--no-trunc", "-q", "mine:2")).toContain(id.split(" ")[0]);
    expect(await docker("rmi", "mine:2", name)).toBe(`Untagged: mine:2\nUntagged: ${name}`);
    expect(await refused("pull", "127.0.0.1:5000/none")).toContain("registry 127.0.0.1:5000 has no image none:latest");
    expect(await refused("run", "127.0.0.1:1/x")).toContain("registry 127.0.0.1:1 cannot be reached");
    expect(await refused("pull", "-a", "127.0.0.1:5000/team/bb")).toContain("pulls one tag of");
  });

  test("images go out and come in as archives, and as files of a root file system", async () => {
    const change = ["--change", 'CMD ["echo", "mine"]', "--message", "made"];
    const made = await docker("import", ...change, `${lab().host.root}/busybox.tar`, "mine:1");
    expect(made).toMatch(/^sha256:\w{64}$/);
    await docker("save", "-o", path("mine.tar"), "mine:1");
    expect(await docker("rmi", "mine:1")).toBe(`Untagged: mine:1\nDeleted: ${made}`);
    expect(await docker("load", "-i", path("mine.tar"))).toBe("Loaded image: mine:1");
    expect(await docker("run", "--rm", "--network", "none", "mine:1")).toBe("mine");
    expect(await docker("image", "inspect", "-f", "{{.Id}} {{.Comment}}", "mine:1")).toBe(`${made} made`);
    const other = await docker("import", "--message", "other", `${lab().host.root}/busybox.tar`, "mine:1");
    expect(await docker("images", "-q", "--no-trunc", "-f", "dangling=true")).toBe(made);
    expect(await docker("image", "prune", "-f")).toMatch(new RegExp(`[Dd]eleted: ${made}\n`));
    expect(await docker("rmi", "mine:1")).toContain(`Deleted: ${other}`);
    expect(await refused("save", "-o", path("none.tar"), "nosuch")).toContain("No such image: nosuch");
    writeFileSync(path("damaged.tar"), "no archive");
    expect(await refused("load", "-i", path("damaged.tar"))).toContain("the archive");
  });

  test("files go to containers and back, whether they run or not", async () => {
    await docker("create", "--name", "box", "busybox", "sleep", "1000");
    writeFileSync(path("note"), "hello", { mode: 0o640 });
    await docker("cp", path("note"), "box:/etc/note");
    await docker("start", "box");
    await docker("cp", "box:/etc/note", path("back"));
    expect(readFileSync(path("back"), "utf8")).toBe("hello");
    await docker("cp", "-a", path("note"), "box:/tmp/");
    await docker("cp", "box:/tmp/.", path("tmp"));
    expect(readFileSync(path("tmp/note"), "utf8")).toBe("hello");
    await lab().host.mustTsd(["exec", "box", "rm", "/etc/note"]);
    const env = { PATH: process.env.PATH ?? "", HOME: registry.directory, DOCKER_HOST: `unix://${service().socket}` };
    const packed = 'tar -C "$1" -cz note | "$0" cp - box:/etc';
    await lab().host.mustRun(["sh", "-ec", packed, client, registry.directory], { env });
    expect(await lab().host.mustTsd(["exec", "box", "stat", "-c", "%s %a", "/etc/note"])).toBe("5 640");
    expect(await refused("cp", "box:/nosuch", path("x"))).toContain("/nosuch");
    expect(await refused("cp", path("note"), "box:/nosuch/dir/x")).toContain("/nosuch/dir");
    await docker("rm", "-f", "box");
  });

  test("networks are made, joined, left and removed", async () => {
    const subnet = ["--subnet", "10.91.0.0/24", "--gateway", "10.91.0.254", "--ip-range", "10.91.0.128/25"];
    const rest = ["--aux-address", "printer=10.91.0.130", "--label", "tier=front"];
    const id = await docker(
      "network",
      "create",
      ...subnet,
      ...rest,
      "-o",
      "com.docker.network.driver.mtu=1400",
      "front",
    );
    expect(id).toMatch(/^\w{64}$/);
    expect(await docker("network", "ls", "--no-trunc", "-q", "-f", "label=tier=front")).toBe(id);
    const [network] = JSON.parse(await docker("network", "inspect", "front"));
    expect(network).toMatchObject({ Id: id, Driver: "bridge", Labels: { tier: "front" }, Containers: {} });
    expect(network.IPAM.Config).toEqual([
      {
        ...{ Subnet: "10.91.0.0/24", Gateway: "10.91.0.254", IPRange: "10.91.0.128/25" },
        AuxiliaryAddresses: { printer: "10.91.0.130" },
      },
    ]);
    await docker("run", "-d", "--name", "www", "busybox", "sleep", "1000");
    await docker("network", "connect", "--alias", "web", "--ip", "10.91.0.200", "front", "www");
    const on = "{{range $k, $v := .NetworkSettings.Networks}}{{$k}}={{$v.IPAddress}} {{end}}";
    expect(await docker("inspect", "-f", on, "www")).toMatch(/^bridge=\S+ front=10\.91\.0\.200 $/);
    expect(await refused("network", "rm", "front")).toContain("www");
    expect(await refused("network", "connect", "front", "pid:1")).toContain("No such container: pid:1");
    expect(await refused("network", "create", "front")).toContain("exists");
    expect(await refused("network", "rm", "bridge")).toContain("default network");
    await docker("network", "disconnect", "front", "www");
    expect(await docker("network", "prune", "-f", "--filter", "label=tier=front")).toBe("Deleted Networks:\nfront\n");
    expect(await refused("network", "inspect", "front")).toMatch(/network:? front/i);
    await docker("rm", "-f", "www");
  });

  test("volumes are made, used and removed", async () => {
    expect(await docker("volume", "create", "--label", "tier=db", "data")).toBe("data");
    await docker("run", "--rm", "-v", "data:/d", "--network", "none", "busybox", "sh", "-c", "echo kept >/d/x");
    const mount = ["--mount", "type=volume,source=data,target=/d,readonly"];
    expect(await docker("run", "--rm", ...mount, "--network", "none", "busybox", "cat", "/d/x")).toBe("kept");
    expect(await docker("volume", "ls", "-q", "--filter", "label=tier=db")).toBe("data");
    const [volume] = JSON.parse(await docker("volume", "inspect", "data"));
    expect(volume).toMatchObject({ Name: "data", Driver: "local", Labels: { tier: "db" }, Scope: "local" });
    expect(readFileSync(`${volume.Mountpoint}/x`, "utf8")).toBe("kept\n");
    await docker("create", "--name", "has", "-v", "data:/d", "busybox", "true");
    expect(await refused("volume", "rm", "data")).toContain('in use by container "has"');
    await docker("rm", "has");
    expect(await docker("volume", "rm", "data")).toBe("data");
    expect(await docker("volume", "rm", "-f", "data")).toBe("data");
    expect(await refused("volume", "inspect", "data")).toMatch(/no such volume/i);
    expect(await refused("volume", "create", "-d", "nfs", "far")).toContain('no volume driver "nfs"');
    await docker("run", "-d", "--name", "anon", "-v", "/d", "--network", "none", "busybox", "true");
    await docker("rm", "-f", "anon");
    expect(await docker("volume", "prune", "-f")).toMatch(/^Deleted Volumes:\n\w{64}\n/);
  });
});

test("a client that stops reading files of a container keeps it from nothing", async () => {
  const fill = ["sh", "-c", "head -c 20000000 /dev/urandom >/big"];
  await service().mustDocker(["run", "--name", "read", "--network", "none", "-v", "/data", "busybox", ...fill]);
  const open = (): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const path = "/containers/read/archive?path=/";
      get({ socketPath: service().socket, path }, resolve).once("error", reject);
    });
  const readers = await Promise.all([open(), open()]);
  await service().mustDocker(["start", "-a", "read"]);
  await service().mustDocker(["cp", path("saved.tar"), "read:/new"]);
  await service().mustDocker(["rm", "-v", "read"]);
  for (const reader of readers) {
    reader.on("error", () => undefined).destroy();
    await new Promise((resolve) => reader.once("close", resolve));
  }
  await eventually(async () =>
    expect(await lab().host.run(["pgrep", "-f", "^sh -c .*overlay"])).toMatchObject({ stdout: "" }),
  );
});

test("what a request leaves unfinished is any other command's, while the service lives on", async () => {
  const { host } = lab();
  await service().mustDocker(["create", "--name", "stuck", "busybox", "true"]);
  const { UpperDir } = JSON.parse(await host.mustTsd(["inspect", "stuck"]))[0].GraphDriver.Data;
  const kept = `${UpperDir}/kept`;
  writeFileSync(kept, "");
  await host.mustRun(["chattr", "+i", kept]);
  const failed = await service().docker(["rm", "stuck"]);
  await host.mustRun(["chattr", "-i", kept]);
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining("cannot remove") });
  // The command may find that it has itself finished the removal, as it began.
  await host.tsd(["rm", "stuck"]);
  expect(await host.mustTsd(["ps", "-aq"])).toBe("");
});

const file = `
version: "2.4"
services:
  db:
    image: busybox
    command: sh -c "echo db up; sleep 1; touch /data/ready; sleep 1000"
    volumes: ["data:/data"]
    healthcheck: {test: ["CMD", "test", "-e", "/data/ready"], interval: 1s, retries: 60}
    networks: [back]
    restart: unless-stopped
  web:
    image: busybox
    command: sh -c "nslookup db && echo found; nc -ll -p 80 -e hostname"
    hostname: www
    depends_on: {db: {condition: service_healthy}}
    networks: {back: {}, front: {aliases: [www]}}
    ports: ["8081:80"]
  job:
    image: busybox
    command: sleep 1000
    depends_on: [web]
    networks: [front]
networks:
  front: {}
  back: {ipam: {config: [{subnet: 10.92.0.0/24}]}}
volumes:
  data: {labels: {tier: db}}
`;

test("docker-compose starts, shows, scales and removes what a file describes", async () => {
  const { host, internet } = lab();
  const unpacked = await Overlaid.install(host, "ecosystems");
  writeFileSync(path("compose.yml"), file);
  const compose = (...words: readonly string[]): Promise<string> =>
    unpacked.mustRun(["docker-compose", "--ansi", "never", "-p", "shop", "-f", path("compose.yml"), ...words], {
      env: { DOCKER_HOST: `unix://${service().socket}` },
      timeout: 120_000,
    });
  try {
    await compose("up", "-d", "--scale", "job=2");
    expect(await compose("ps", "-q", "job")).toMatch(/^\w{64}\n\w{64}\n$/);
    expect(await compose("ps")).toMatch(
      /shop_db_1 .*Up \(healthy\)(.*\n)*.*shop_web_1 .*Up .*0\.0\.0\.0:8081->80\/tcp/,
    );
    const calling = `for i in $(seq 100); do busybox nc -w 10 ${addresses.host} 8081 </dev/null && exit; sleep 0.1; done; exit 1`;
    expect(await internet.mustRun(["sh", "-c", calling], { timeout: 40_000 })).toBe("www\n");
    expect(await host.mustTsd(["exec", "shop_job_2", "nslookup", "www"])).toContain("Name:");
    expect(await compose("logs", "--no-color", "db")).toContain("db_1   | db up");
    expect(await compose("exec", "-T", "web", "hostname")).toBe("www\n");
    await compose("restart", "-t", "0", "web");
    expect(await internet.mustRun(["sh", "-c", calling], { timeout: 40_000 })).toBe("www\n");
    expect(await compose("up", "-d", "--scale", "job=1")).toBe("");
    expect(await compose("ps", "-q", "job")).toMatch(/^\w{64}\n$/);
    await compose("up", "-d", "--force-recreate", "db");
    await compose("stop", "-t", "0");
    await compose("down", "-t", "0", "-v");
    expect(await host.mustTsd(["ps", "-aq"])).toBe("");
    expect(await host.mustTsd(["volume", "ls", "-q"])).toBe("");
    expect(await host.mustTsd(["network", "ls", "--filter", "name=shop"])).not.toContain("shop_");
  } finally {
    await unpacked.remove();
  }
});

/** As docker compose 2 writes its filters and its bodies, which cannot be had here. */
test("what docker compose 2 asks for is replied to", async () => {
  const labels = { "com.docker.compose.project": "two", "com.docker.compose.oneoff": "False" };
  const ask = async (request: string, body?: object): Promise<{ readonly status: number; readonly body: unknown }> => {
    const [method = "", target = ""] = request.split(" ");
    const reply = await send(method, `/v1.47${target}`, body && JSON.stringify(body));
    return {
      status: reply.status,
      body: reply.body.startsWith("{") || reply.body.startsWith("[") ? JSON.parse(reply.body) : reply.body,
    };
  };
  const filter = (filters: object): string => `filters=${encodeURIComponent(JSON.stringify(filters))}`;
  const ours = { label: { "com.docker.compose.project=two": true, "com.docker.compose.oneoff=False": true } };
  const named = `GET /networks?${filter({ name: { two_default: true } })}`;
  expect(await ask(`GET /containers/json?all=1&${filter(ours)}`)).toEqual({ status: 200, body: [] });
  expect(await ask("GET /networks/two_default")).toMatchObject({ status: 404 });
  expect(await ask(named)).toEqual({ status: 200, body: [] });
  const network = { Name: "two_default", Driver: "", Options: null, IPAM: {}, Attachable: false, Internal: false };
  expect(await ask("POST /networks/create", { ...network, EnableIPv6: false, Labels: labels })).toMatchObject({
    status: 201,
  });
  expect(await ask(named)).toMatchObject({ status: 200, body: [{ Name: "two_default", Labels: labels }] });
  expect(await ask("GET /volumes/two_data")).toMatchObject({ status: 404 });
  const volume = { Name: "two_data", Driver: "", DriverOpts: null, Labels: labels };
  expect(await ask("POST /volumes/create", volume)).toMatchObject({ status: 201, body: { Driver: "local" } });
  const made = await ask("POST /containers/create?name=two-web-1&platform=", {
    ...{ Hostname: "", Image: "busybox", Cmd: ["sleep", "1000"], Entrypoint: null, Env: null, Labels: labels },
    ...{ AttachStdout: true, AttachStderr: true, ExposedPorts: { "80/tcp": {} }, Volumes: {}, OnBuild: null },
    HostConfig: {
      ...{ NetworkMode: "two_default", RestartPolicy: { Name: "", MaximumRetryCount: 0 }, Binds: null, Links: null },
      PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "" }] },
      Mounts: [{ Type: "volume", Source: "two_data", Target: "/data", VolumeOptions: {} }],
    },
    NetworkingConfig: { EndpointsConfig: { two_default: { Aliases: ["two-web-1", "web"], IPAMConfig: null } } },
  });
  expect(made).toMatchObject({ status: 201 });
  const { Id } = made.body as { readonly Id: string };
  expect(await ask(`POST /containers/${Id}/start`)).toMatchObject({ status: 204 });
  expect(await ask(`GET /containers/${Id}/json`)).toMatchObject({
    status: 200,
    body: {
      Mounts: [{ Type: "volume", Name: "two_data", Destination: "/data" }],
      NetworkSettings: { Networks: { two_default: { Aliases: ["two-web-1", "web"] } } },
    },
  });
  expect(await ask(`GET /containers/json?all=1&${filter(ours)}`)).toMatchObject({
    status: 200,
    body: [{ Id, State: "running" }],
  });
  expect(await ask(`POST /containers/${Id}/stop?t=0`)).toMatchObject({ status: 204 });
  expect(await ask(`DELETE /containers/${Id}?force=1`)).toMatchObject({ status: 204 });
  expect(await ask("DELETE /networks/two_default")).toMatchObject({ status: 204 });
  expect(await ask("DELETE /volumes/two_data?force=1")).toMatchObject({ status: 204 });
});

test("all that was made is gone", async () => {
  await registry.remove();
  service().program.kill("SIGTERM");
  const { code, stderr } = await service().program.ended;
  // Of the container that could not be removed at first. The executable's runtime has EPERM for it, which is not a fault of tsd's.
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^(tsd: DELETE .*\/stuck: cannot remove .*\n)?$/)]);
  await service().clean();
});
