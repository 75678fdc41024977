import { describe, expect, test } from "@jest/globals";
import type {
  CommandResult,
  Container,
  ContainerDetails,
  LogLine,
  LogOptions,
  PortBinding,
} from "../../../src/api/index.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { makeContainer, makeDetails, makeImage, makeNetworkDetails } from "../presenters/samples.js";
import type { FakeParts } from "./fake-tsd.js";
import { runCommand, streams } from "./run-command.js";

const named = (name: string): Container => makeContainer({ name });

describe("ps", () => {
  const all = [
    makeDetails({ name: "www", spec: { image: "busybox", labels: { tier: "front" } } }),
    makeDetails({ name: "old", id: "d2".repeat(32), status: "exited", exitCode: 0 }),
  ];
  const list = (options: { readonly all?: boolean } = {}): typeof all => (options.all ? all : all.slice(0, 1));
  const tsd = { containers: { list } };

  test.each([
    [[], "www"],
    [["-a"], "www old"],
    [["-f", "status=exited"], "old"],
    [["-a", "-f", "name=ol"], "old"],
    [["-a", "-f", "id=d2"], "old"],
    [["-a", "-f", "network=web"], "www old"],
    [["-a", "-f", "network=none"], ""],
    [["-f", "label=tier"], "www"],
  ])("%j lists %s", async (argv, names) => {
    const { stdout } = await runCommand("ps", [...argv, "--format", "{{.Name}}"], { tsd });
    expect(stdout.trim().split("\n").join(" ")).toBe(names);
  });

  test("-aq prints ids, in full with --no-trunc", async () => {
    expect((await runCommand("ps", ["-aq"], { tsd })).stdout).toBe("c1c1c1c1c1c1\nd2d2d2d2d2d2\n");
    expect((await runCommand("ps", ["-q", "--no-trunc"], { tsd })).stdout).toBe(`${"c1".repeat(32)}\n`);
  });

  test("its heading is docker's", async () => {
    const { stdout } = await runCommand("ps", [], { tsd });
    expect(stdout.split("\n")[0]?.split(/\s{2,}/)).toEqual([
      ...["CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES"],
    ]);
  });
});

describe("what is done to containers", () => {
  test.each<[string, readonly string[], string, readonly unknown[]]>([
    ["stop", ["a"], "stop", ["a", {}]],
    ["stop", ["-t", "2", "a"], "stop", ["a", { timeout: 2 }]],
    ["stop", ["--timeout", "-1", "a"], "stop", ["a", { timeout: Number.POSITIVE_INFINITY }]],
    ["start", ["a"], "start", ["a"]],
    ["kill", ["a"], "kill", ["a", "KILL"]],
    ["kill", ["-s", "SIGHUP", "a"], "kill", ["a", "SIGHUP"]],
    ["rm", ["a"], "remove", ["a", { force: false, volumes: false }]],
    ["rm", ["-f", "a"], "remove", ["a", { force: true, volumes: false }]],
  ])("tsd %s %j", async (id, argv, verb, expected) => {
    const calls: unknown[] = [];
    const act = async (...args: readonly unknown[]): Promise<Container> => {
      calls.push(args);
      return named("a");
    };
    const outcome = await runCommand(id, argv, { tsd: { containers: { [verb]: act } } });
    expect(outcome).toMatchObject({ stdout: "a\n", error: undefined });
    expect(calls).toEqual([expected]);
  });

  test("wait prints each exit code", async () => {
    const tsd = { containers: { wait: async (ref: string) => (ref === "a" ? 0 : 137) } };
    expect((await runCommand("wait", ["a", "b"], { tsd })).stdout).toBe("0\n137\n");
    expect(JSON.parse((await runCommand("wait", ["--json", "b"], { tsd })).stdout)).toEqual([
      { container: "b", exitCode: 137 },
    ]);
  });

  test("start --attach exits with the container's code, and takes one container", async () => {
    const startAttached = async (ref: string, given: unknown): Promise<CommandResult> => {
      expect([ref, given]).toMatchObject(["a", { streams }]);
      return { exitCode: 3, stdout: "", stderr: "" };
    };
    const inspect = () => ({ container: named("a"), endpoints: [], mounts: [] });
    const tsd = { containers: { startAttached, inspect } };
    expect(await runCommand("start", ["-a", "a"], { tsd })).toMatchObject({ exitCode: 3, stdout: "" });
    expect((await runCommand("start", ["-a", "a", "b"])).error).toMatchObject({ code: "TSD_ATTACH_SEVERAL" });
  });

  test("container release calls the library, and says nothing", async () => {
    const released: string[] = [];
    const release = async (id: string): Promise<void> => {
      released.push(id);
    };
    expect(await runCommand("container release", ["c1"], { tsd: { containers: { release } } })).toMatchObject({
      stdout: "",
      stderr: "",
      error: undefined,
    });
    expect(released).toEqual(["c1"]);
  });
});

describe("logs", () => {
  const lines: readonly LogLine[] = [
    { stream: "stdout", time: "2026-01-02T03:04:05.000000001Z", text: "out\n" },
    { stream: "stderr", time: "2026-01-02T03:04:05.000000002Z", text: "err\n" },
  ];
  const asked: unknown[] = [];
  const tsd: FakeParts = {
    containers: {
      async *logs(ref: string, options?: LogOptions) {
        asked.push([ref, options]);
        yield* lines;
      },
    },
  };

  test("go to the streams they came from", async () => {
    expect(await runCommand("logs", ["www"], { tsd })).toMatchObject({ stdout: "out\n", stderr: "err\n" });
  });

  test("begin with the time with -t", async () => {
    expect((await runCommand("logs", ["-t", "www"], { tsd })).stdout).toBe("2026-01-02T03:04:05.000000001Z out\n");
  });

  test("are an object a line with --json", async () => {
    const { stdout } = await runCommand("logs", ["--json", "www"], { tsd });
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(lines);
  });

  test.each([
    [["www"], { follow: false }],
    [["-f", "-n", "5", "www"], { follow: true, tail: 5 }],
    [["--tail", "all", "www"], { follow: false }],
  ])("%j asks the library for %j", async (argv, options) => {
    await runCommand("logs", argv, { tsd });
    expect(asked.at(-1)).toEqual(["www", options]);
  });
});

describe("port", () => {
  const ports = [
    { protocol: "tcp", hostPort: 8080, containerPort: 80, count: 2 },
    { protocol: "udp", hostPort: 53, containerPort: 53, count: 1, hostAddress: "::1" },
  ] as const;
  const tsd = { containers: { inspect: () => makeDetails({}, { ports }) } };

  test.each([
    [["www"], "80/tcp -> 0.0.0.0:8080\n81/tcp -> 0.0.0.0:8081\n53/udp -> [::1]:53\n"],
    [["www", "81"], "0.0.0.0:8081\n"],
    [["www", "53/udp"], "[::1]:53\n"],
  ])("%j", async (argv, stdout) => {
    expect((await runCommand("port", argv, { tsd })).stdout).toBe(stdout);
  });

  test("of a port that is not published", async () => {
    expect((await runCommand("port", ["www", "53"], { tsd })).error).toMatchObject({
      message: 'container "www" does not publish port 53/tcp',
    });
  });
});

describe("port add and rm", () => {
  const kept = { protocol: "tcp", hostPort: 8080, containerPort: 80, count: 1 } as const;
  const changed = { protocol: "udp", hostPort: 53, containerPort: 53, count: 2 } as const;
  const ports = [kept, changed];

  test.each([
    ["port add", "publish", ["www", "53-54:53-54/udp", "81"]],
    ["port rm", "unpublish", ["www", "53-54/udp"]],
  ])("tsd %s prints what changed, on the addresses of each family", async (id, verb, argv) => {
    const asked: unknown[] = [];
    const change = async (...args: readonly unknown[]): Promise<readonly PortBinding[]> => {
      asked.push(...args);
      return [changed];
    };
    const inspect = (): ContainerDetails => makeDetails({}, { ports, addresses: ["10.10.10.2/24", "fd00::2/64"] });
    const tsd = { containers: { inspect, [verb]: change } };
    const [container, ...specs] = argv;
    expect((await runCommand(id, argv, { tsd })).stdout).toBe(
      "53/udp -> 0.0.0.0:53\n53/udp -> [::]:53\n54/udp -> 0.0.0.0:54\n54/udp -> [::]:54\n",
    );
    expect(asked).toEqual([container, specs]);
    expect(JSON.parse((await runCommand(id, ["--json", ...argv], { tsd })).stdout)).toHaveProperty("54/udp");
  });

  test("what is not published on a network without ports is not shown there", async () => {
    const [first] = makeDetails({}, { ports }).endpoints;
    const [bare] = makeDetails({}, { addresses: ["fd00::2/64"] }).endpoints;
    const inspect = (): ContainerDetails => ({
      ...makeDetails(),
      endpoints: [first, bare].filter((endpoint) => endpoint !== undefined),
    });
    const containers = { inspect, publish: async () => [kept] };
    expect((await runCommand("port add", ["www", "8080:80"], { tsd: { containers } })).stdout).toBe(
      "80/tcp -> 0.0.0.0:8080\n",
    );
  });

  test.each(["port add", "port rm"])("%s needs ports", async (id) => {
    expect((await runCommand(id, ["www"])).error).toMatchObject({ message: expect.stringContaining("Missing") });
  });
});

describe("inspect", () => {
  const missing = (): never => {
    throw new TsdError({ kind: "not-found", code: "TSD_UNKNOWN", message: "there is none" });
  };
  const tsd: FakeParts = {
    containers: { inspect: (ref) => (ref === "www" ? makeDetails() : missing()) },
    networks: { inspect: (ref) => (ref === "web" ? makeNetworkDetails() : missing()) },
    images: { inspect: (ref) => (ref === "busybox" ? { image: makeImage() } : missing()) },
    volumes: { inspect: missing },
  };

  test("finds containers, else networks, else images", async () => {
    const { stdout } = await runCommand("inspect", ["www", "web", "busybox"], { tsd });
    expect(JSON.parse(stdout)).toMatchObject([{ Name: "/www" }, { Name: "web" }, { RepoTags: ["busybox:latest"] }]);
  });

  test.each([
    [["none"], 'there is no container, network, image or volume "none"'],
    [["--type", "network", "www"], 'there is no network "www"'],
  ])("%j finds nothing", async (argv, message) => {
    expect((await runCommand("inspect", argv, { tsd })).error).toMatchObject({ message, kind: "not-found" });
  });

  test("docker's common templates work", async () => {
    const format = "{{.NetworkSettings.IPAddress}} {{.State.Pid}} {{.NetworkSettings.Networks.web.Gateway}}";
    expect((await runCommand("inspect", ["-f", format, "www"], { tsd })).stdout).toBe("10.10.10.2 4711 10.10.10.1\n");
  });

  test("other errors are not taken for absence", async () => {
    const broken = (): never => {
      throw new TsdError({ kind: "store", code: "TSD_STORE_CORRUPT", message: "the store is damaged" });
    };
    const outcome = await runCommand("inspect", ["www"], { tsd: { ...tsd, containers: { inspect: broken } } });
    expect(outcome.error).toMatchObject({ code: "TSD_STORE_CORRUPT" });
  });
});
