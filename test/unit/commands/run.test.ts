import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { CommandResult, Container, ContainerSpec } from "../../../src/api/index.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { makeContainer } from "../presenters/samples.js";
import { type Outcome, runCommand, type Scene, streams } from "./run-command.js";

const split = (line: string): readonly string[] => line.split(" ").filter((word) => word !== "");

/** Runs detached and returns what the library was asked for, fields without content left out. */
async function specOf(argv: readonly string[], scene: Scene["surroundings"] = {}): Promise<Partial<ContainerSpec>> {
  let asked: ContainerSpec | undefined;
  const runDetached = async (spec: ContainerSpec): Promise<Container> => {
    asked = spec;
    return makeContainer();
  };
  const outcome = await runCommand("run", ["-d", ...argv], {
    tsd: { containers: { runDetached } },
    surroundings: scene,
  });
  if (outcome.error !== undefined) throw outcome.error;
  const isEmpty = (value: unknown): boolean =>
    value === false || JSON.stringify(value) === "[]" || JSON.stringify(value) === "{}";
  return Object.fromEntries(Object.entries(asked ?? {}).filter(([, value]) => !isEmpty(value)));
}

const busybox = { image: "busybox" };

describe("run asks for", () => {
  test.each<[string, Partial<ContainerSpec>]>([
    ["busybox", busybox],
    ["busybox sh -c exit", { ...busybox, command: ["sh", "-c", "exit"] }],
    ["busybox sh -c sh sh", { ...busybox, command: ["sh", "-c", "sh", "sh"] }],
    ["busybox ls -d -p --json --rm --help", { ...busybox, command: ["ls", "-d", "-p", "--json", "--rm", "--help"] }],
    ["busybox -- ls", { ...busybox, command: ["--", "ls"] }],
    ["-- busybox -i", { ...busybox, command: ["-i"] }],
    ["-it busybox sh", { ...busybox, interactive: true, tty: true, command: ["sh"] }],
    ["-ti --rm=true busybox", { ...busybox, interactive: true, tty: true, autoRemove: true }],
    ["--rm=false busybox", busybox],
    ["-itp 8080:80 busybox sh", { ...busybox, interactive: true, tty: true, publish: ["8080:80"], command: ["sh"] }],
    [
      "-p8080:80 -p 127.0.0.1:53:53/udp busybox -p 1",
      { ...busybox, publish: ["8080:80", "127.0.0.1:53:53/udp"], command: ["-p", "1"] },
    ],
    ["--publish=80 --publish 81 busybox", { ...busybox, publish: ["80", "81"] }],
    ["--net web busybox", { ...busybox, networks: [{ network: "web" }] }],
    ["--network=web --net back busybox", { ...busybox, networks: [{ network: "web" }, { network: "back" }] }],
    ["--net container:www busybox", { ...busybox, networks: [{ network: "container:www" }] }],
    [
      "--ip 10.0.0.9 --ip6 fd00::9 --mac-address 02:00:00:00:00:09 --network-alias a --network-alias b busybox",
      {
        ...busybox,
        networks: [
          {
            network: "bridge",
            address: "10.0.0.9",
            address6: "fd00::9",
            mac: "02:00:00:00:00:09",
            aliases: ["a", "b"],
          },
        ],
      },
    ],
    [
      "--net name=web,gw-priority=3 --net back --ip 10.0.0.9 busybox",
      { ...busybox, networks: [{ network: "web", gatewayPriority: 3, address: "10.0.0.9" }, { network: "back" }] },
    ],
    ["--net web --gw-priority -2 busybox", { ...busybox, networks: [{ network: "web", gatewayPriority: -2 }] }],
    ["--net ns:/run/netns/lab busybox", { ...busybox, networks: [{ network: "ns:/run/netns/lab" }] }],
    [
      "--add-host me=192.0.2.1 --add-host six=[fd00::1] --add-host seven:fd00::2 busybox",
      { ...busybox, addHosts: ["me:192.0.2.1", "six:fd00::1", "seven:fd00::2"] },
    ],
    ["-P=false --rm --rm=false -it=false busybox", { ...busybox, interactive: true }],
    ["--link db:store --expose 80 -P busybox", { ...busybox, links: ["db:store"], expose: ["80"], publishAll: true }],
    [
      "--dns 192.0.2.1 --dns-search a.example --dns-opt ndots:2 --add-host me:host-gateway --domainname b.example busybox",
      {
        ...busybox,
        dns: ["192.0.2.1"],
        dnsSearch: ["a.example"],
        dnsOptions: ["ndots:2"],
        addHosts: ["me:host-gateway"],
        domainname: "b.example",
      },
    ],
    ["--sysctl net.ipv4.ip_forward=1 busybox", { ...busybox, sysctls: { "net.ipv4.ip_forward": "1" } }],
    [
      "--name www -h host -u 1:2 -w /tmp busybox",
      { ...busybox, name: "www", hostname: "host", user: "1:2", workdir: "/tmp" },
    ],
    ["-m 512m --cpus 1.5 --cpuset-cpus 0-1 busybox", { ...busybox, memory: 536_870_912, cpus: 1.5, cpuset: "0-1" }],
    ["-l a=1 --label b busybox", { ...busybox, labels: { a: "1", b: "" } }],
    ["--entrypoint sh busybox -c date", { ...busybox, entrypoint: ["sh"], command: ["-c", "date"] }],
    ["-e A=1 -e HOME -e GONE busybox", { ...busybox, env: ["A=1", "HOME=/root"] }],
    [
      "-v ./data:/data -v /a:/b:ro -v ..:/up busybox",
      { ...busybox, volumes: ["/home/user/data:/data", "/a:/b:ro", "/home:/up"] },
    ],
    ["--rootfs rootfs /bin/sh -i", { rootfs: "/home/user/rootfs", command: ["/bin/sh", "-i"] }],
    ["--rootfs /srv/rootfs -- /bin/sh", { rootfs: "/srv/rootfs", command: ["/bin/sh"] }],
  ])("tsd run -d %s", async (line, spec) => {
    expect(await specOf(split(line), { env: { HOME: "/root" } })).toEqual(spec);
  });

  test("no entrypoint at all, where an empty one was given", async () => {
    let asked: ContainerSpec | undefined;
    const runDetached = async (spec: ContainerSpec): Promise<Container> => {
      asked = spec;
      return makeContainer();
    };
    await runCommand("run", ["-d", "--entrypoint", "", "busybox"], { tsd: { containers: { runDetached } } });
    expect(asked?.entrypoint).toEqual([]);
  });

  test("variables of a file, before those of the command line", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tsd-env-"));
    try {
      await writeFile(join(folder, "env"), "# a comment\n\nA=1\r\nHOME\nGONE\n");
      const spec = await specOf(["--env-file", "env", "-e", "A=2", "busybox"], { cwd: folder, env: { HOME: "/root" } });
      expect(spec.env).toEqual(["A=1", "HOME=/root", "A=2"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("run refuses", () => {
  test.each([
    ["", "TSD_IMAGE_MISSING", "no image was named"],
    ["-d", "TSD_IMAGE_MISSING", "no image was named"],
    ["--rootfs /srv", "TSD_COMMAND_MISSING", "no command was given to run in /srv"],
    ["-it busybox", "TSD_NOT_A_TERMINAL", "-it needs a terminal, and standard input is none"],
    ["--json busybox", "TSD_JSON_NEEDS_DETACH", "--json prints the container, whose own output would be in the way"],
    ["-m 12q busybox", "TSD_FLAG_INVALID", '--memory "12q" is not a size'],
    ["--net web --net web busybox", "TSD_NETWORK_REPEATED", 'network "web" is named twice'],
    ["--net web --net name=web,ip=10.0.0.9 busybox", "TSD_NETWORK_REPEATED", 'network "web" is named twice'],
    [
      "--net name=web,ip=10.0.0.8 --ip 10.0.0.9 busybox",
      "TSD_FLAG_TWICE",
      '--ip was given both by itself and in --network for "web"',
    ],
    [
      "--net name=web,alias=a --network-alias b busybox",
      "TSD_FLAG_TWICE",
      '--network-alias was given both by itself and in --network for "web"',
    ],
    ["--net name=web,ipp=10.0.0.9 busybox", "TSD_FLAG_INVALID", '--network "name=web,ipp=10.0.0.9" has no key "ipp"'],
    ["--gw-priority high busybox", "TSD_FLAG_INVALID", '--gw-priority "high" is not a whole number'],
    ["--sysctl net.x busybox", "TSD_FLAG_INVALID", '--sysctl "net.x" is not a key and a value'],
    ["--rm=perhaps busybox", "TSD_FLAG_INVALID", '--rm "perhaps" is neither true nor false'],
    ["-d -l =x busybox", "TSD_FLAG_INVALID", '--label "=x" is not a key and a value'],
    ["--env-file nowhere busybox", "TSD_ENV_FILE_UNREADABLE", "the environment file nowhere cannot be read: ENOENT"],
  ])("tsd run %s, before the library is opened", async (line, code, message) => {
    expect((await runCommand("run", split(line))).error).toMatchObject({ code, message });
  });

  test.each([
    ["--bogus busybox", "Nonexistent flag: --bogus"],
    ["-itx busybox", "Nonexistent flag: -x"],
    ["-p", "--publish expects a value"],
  ])("tsd run %s", async (line, message) => {
    expect((await runCommand("run", split(line))).error).toMatchObject({ message: expect.stringContaining(message) });
  });
});

describe("run detached", () => {
  const tsd = { containers: { runDetached: async (): Promise<Container> => makeContainer() } };

  test("prints the id", async () => {
    expect((await runCommand("run", ["-d", "busybox"], { tsd })).stdout).toBe(`${"c1".repeat(32)}\n`);
  });

  test("prints the container with --json", async () => {
    const { stdout } = await runCommand("run", ["-d", "--json", "busybox"], { tsd });
    expect(JSON.parse(stdout)).toEqual(makeContainer());
  });
});

const ended = (exitCode: number): CommandResult => ({ exitCode, stdout: "", stderr: "" });

describe("run in the foreground", () => {
  const runForeground = (code: number): Promise<Outcome> =>
    runCommand("run", ["busybox", "false"], {
      tsd: {
        containers: {
          run: async (_spec, given) => {
            expect(given?.streams).toBe(streams);
            return ended(code);
          },
        },
      },
    });

  test.each([0, 1, 42, 137])("exits with the container's code, %d", async (code) => {
    expect(await runForeground(code)).toMatchObject({ exitCode: code, stdout: "", stderr: "", error: undefined });
  });

  test("takes -it from a terminal", async () => {
    const containers = { run: async () => ended(0) };
    const outcome = await runCommand("run", ["-it", "busybox"], {
      tsd: { containers },
      surroundings: { isTerminal: () => true },
    });
    expect(outcome).toMatchObject({ exitCode: 0, error: undefined });
  });

  test("passes signals on while the container runs, and no longer", async () => {
    const killed: string[] = [];
    const listeners = new Set<(signal: NodeJS.Signals) => void>();
    const listening: number[] = [];
    const outcome = await runCommand("run", ["busybox"], {
      tsd: {
        containers: {
          run: async (_spec, { onStart } = {}) => {
            listening.push(listeners.size);
            onStart?.(makeContainer());
            listening.push(listeners.size);
            for (const listener of listeners) listener("SIGINT");
            return ended(130);
          },
          kill: async (ref, signal) => {
            killed.push(`${ref} ${signal}`);
            throw new TsdError({ kind: "conflict", code: "TSD_CONTAINER_NOT_RUNNING", message: "it has just ended" });
          },
        },
      },
      surroundings: {
        onSignal: (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
    });
    expect(outcome).toMatchObject({ exitCode: 130, error: undefined });
    expect(killed).toEqual([`${"c1".repeat(32)} INT`]);
    expect([...listening, listeners.size]).toEqual([0, 1, 0]);
  });
});

describe("create", () => {
  const asked: ContainerSpec[] = [];
  const create = async (spec: ContainerSpec): Promise<Container> => {
    asked.push(spec);
    return makeContainer({ status: "created" });
  };
  const tsd = { containers: { create } };

  test("asks for what run would, and prints the id", async () => {
    const line = "--name www -it --net web --ip 10.0.0.9 -p 8080:80 busybox httpd -f";
    expect(await runCommand("create", split(line), { tsd })).toMatchObject({
      stdout: `${"c1".repeat(32)}\n`,
      error: undefined,
    });
    expect(asked.at(-1)).toMatchObject({
      name: "www",
      image: "busybox",
      command: ["httpd", "-f"],
      tty: true,
      networks: [{ network: "web", address: "10.0.0.9" }],
      publish: ["8080:80"],
    });
  });

  test("prints the container with --json", async () => {
    const { stdout } = await runCommand("create", ["--json", "busybox"], { tsd });
    expect(JSON.parse(stdout)).toEqual(makeContainer({ status: "created" }));
  });

  test("needs an image", async () => {
    expect((await runCommand("create", ["--name", "www"])).error).toMatchObject({ code: "TSD_IMAGE_MISSING" });
  });

  test("knows no --detach", async () => {
    expect((await runCommand("create", ["-d", "busybox"])).error).toMatchObject({
      message: expect.stringContaining("Nonexistent flag: -d"),
    });
  });
});
