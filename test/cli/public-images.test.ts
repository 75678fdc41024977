import { rmSync, writeFileSync } from "node:fs";
import { beforeAll, expect, test } from "@jest/globals";
import { eventually } from "../support/eventually.js";
import { addresses } from "../support/lab/lab.js";
import { removeDefaultNetwork, useTsdLab } from "./tsd-lab.js";

/** Made by script/images. */
const archives = `${import.meta.dirname}/../../.runtime/images`;
const names = ["nginx", "redis", "postgres", "node", "static"] as const;

const lab = useTsdLab();
const tsd = (...words: readonly string[]) => lab().host.mustTsd(words);
const inside = (name: string, ...command: readonly string[]) => tsd("exec", name, ...command);
const state = (name: string, field: string) => tsd("inspect", "-f", `{{${field}}}`, name).then((text) => text.trim());
const fetched = async (url: string) => (await lab().internet.run(["curl", "-sS", "-m", "5", url])).stdout.trim();

beforeAll(async () => {
  for (const name of names) await tsd("load", "-i", `${archives}/${name}.tar`);
  await lab().settle();
});

test("nginx before a service on node, which asks redis by its name; all with the flags that people give them", async () => {
  const { host } = lab();
  const greeting = `${host.root}/index.html`;
  writeFileSync(greeting, "mounted\n");
  await tsd("network", "create", "app");
  await tsd("volume", "create", "cache");
  await tsd(
    ...["run", "-d", "--name", "cache", "--network", "app", "--network-alias", "redis"],
    ...["-v", "cache:/data", "--restart", "unless-stopped", "--ulimit", "nofile=10032", "--memory", "128m"],
    ...["redis", "redis-server", "--protected-mode", "no", "--save", "60 1", "--appendonly", "yes"],
  );
  await tsd(
    ...["run", "-d", "--name", "app", "--network", "app", "--init", "--read-only", "--tmpfs", "/tmp"],
    ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--restart", "on-failure:3", "--pids-limit", "100"],
    ...["--health-interval", "300ms", "-e", "REDIS_HOST=redis", "node"],
  );
  await tsd(
    ...["run", "-d", "--name", "web", "--network", "app", "-p", "8080:80", "--restart=always"],
    ...["--mount", `type=bind,source=${greeting},target=/usr/share/nginx/html/index.html,readonly`, "nginx"],
  );
  await eventually(async () => expect(await state("app", ".State.Health.Status")).toBe("healthy"));
  const url = `http://${addresses.host}:8080`;
  await eventually(async () => expect(await fetched(`${url}/`)).toBe("mounted"));
  await eventually(async () => expect(await fetched(`${url}/proxy/redis`)).toBe("+PONG"));

  await inside("cache", "redis-cli", "set", "greeting", "kept");
  const before = await state("cache", ".State.Pid");
  // Its own end, which its policy does not leave it at.
  await host.tsd(["exec", "cache", "redis-cli", "shutdown"]);
  await eventually(async () => expect(await state("cache", ".State.Pid")).not.toMatch(new RegExp(`^(0|${before})$`)));
  await eventually(async () => expect((await inside("cache", "redis-cli", "get", "greeting")).trim()).toBe("kept"));
  await eventually(async () => expect(await fetched(`${url}/proxy/redis`)).toBe("+PONG"));

  await fetched(`${url}/proxy/crash`);
  const again = ".RestartCount}} {{.State.Status}} {{.State.Health.Status";
  await eventually(async () => expect(await state("app", again)).toBe("1 running healthy"));
  // Its init passes TERM on, and the service ends by itself.
  await tsd("stop", "-t", "60", "app");
  expect(await state("app", ".State.ExitCode")).toBe("0");
  await tsd("stop", "-t", "60", "web");
  expect(await state("web", ".State.ExitCode")).toBe("0");
  expect(await tsd("ps", "-q", "--filter", "name=^web$")).toBe("");
  await tsd("rm", "-f", "-v", "web", "app", "cache");
  await tsd("run", "--rm", "--network", "none", "-v", "cache:/data", "redis", "sh", "-c", "grep -rq kept /data");
  await tsd("volume", "rm", "cache");
  await tsd("network", "rm", "app");
  rmSync(greeting);
});

test("postgres makes its database in a volume once, and is found by name and port", async () => {
  const { host } = lab();
  writeFileSync(`${host.root}/schema.sql`, "create table visits (n int); insert into visits values (42);\n");
  await tsd("network", "create", "data");
  const start = () =>
    tsd(
      ...[
        "run",
        "-d",
        "--name",
        "db",
        "--network",
        "data",
        "-p",
        "127.0.0.1:5432:5432",
        "-e",
        "POSTGRES_PASSWORD=secret",
      ],
      ...[
        "-v",
        "pgdata:/var/lib/postgresql/data",
        "-v",
        `${host.root}/schema.sql:/docker-entrypoint-initdb.d/a.sql:ro`,
      ],
      ...["--shm-size", "128m", "--health-interval", "300ms", "postgres"],
    );
  const ask = (sql: string) =>
    tsd(
      ...["run", "--rm", "--network", "data", "-e", "PGPASSWORD=secret", "--entrypoint", "psql", "postgres"],
      ...["-h", "db", "-U", "postgres", "-d", "app", "-tAc", sql],
    );
  await start();
  await eventually(async () => expect(await state("db", ".State.Health.Status")).toBe("healthy"));
  expect((await ask("select n from visits")).trim()).toBe("42");
  expect((await inside("db", "df", "-k", "--output=size", "/dev/shm")).split("\n")[1]?.trim()).toBe("131072");
  await ask("insert into visits values (43)");
  await tsd("stop", "-t", "60", "db");
  expect(await state("db", ".State.ExitCode")).toBe("0");
  await tsd("rm", "db");
  await start();
  await eventually(async () => expect(await state("db", ".State.Health.Status")).toBe("healthy"));
  expect((await ask("select count(*) from visits")).trim()).toBe("2");
  await tsd("rm", "-f", "-v", "db");
  await tsd("volume", "rm", "pgdata");
  await tsd("network", "rm", "data");
  rmSync(`${host.root}/schema.sql`);
});

test("one static program, without a shell, with nothing that it does not need", async () => {
  await tsd(
    ...["run", "-d", "--name", "one", "-p", "8081:8080", "--read-only", "--cap-drop=all", "--restart", "always"],
    ...["--security-opt=no-new-privileges:true", "-m", "16m", "-e", "GREETING=hi", "static"],
  );
  await eventually(async () => expect(await fetched(`http://${addresses.host}:8081/`)).toBe("hi from user 65534"));
  expect(await state("one", ".HostConfig.ReadonlyRootfs")).toBe("true");
  await tsd("rm", "-f", "one");
  await removeDefaultNetwork(lab());
});
