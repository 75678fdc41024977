import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { makeBusyboxTar } from "../support/lab/busybox.js";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

/** One sentence, and at most one of what to do, without a character that a terminal would obey. */
const sentence = /^tsd: \P{Cc}+\n(hint: \P{Cc}+\n)?$/u;
const run = (...words: readonly string[]) => {
  const network = words.includes("--net") ? [] : ["--net", "none"];
  return ["run", "--rm", ...network, ...words, "busybox", "true"];
};
const create = (...words: readonly string[]) => ["network", "create", ...words];

/** What ends a line, a field or a path for those who read it later. */
const refused: readonly (readonly string[])[] = [
  run("--name", "a\nb"),
  run("--name", "$(id)"),
  run("--name", "--detach"),
  run("--hostname", "a\nb"),
  run("--domainname", "a\n127.0.0.1 b"),
  run("--dns", "1.1.1.1\nnameserver 6.6.6.6"),
  run("--dns-search", "a\nnameserver 6.6.6.6"),
  run("--dns-option", "x\nnameserver 6.6.6.6"),
  run("--add-host", "a:1.1.1.1\n6.6.6.6 b"),
  run("--add-host", "a\n6.6.6.6 b:1.1.1.1"),
  run("--add-host", "a:999.1.1.1"),
  run("--net", "n", "--network-alias", "a\nb"),
  run("--sysctl", "net/../kernel/panic=1"),
  run("--sysctl", "net.ipv4/../../kernel/panic=1"),
  run("--sysctl", "net.ipv4=1"),
  run("--sysctl", "net.ipv4.ip_forward=1\n2"),
  run("--env", "=x"),
  run("--env-file", "/dev/null/x"),
  run("--workdir", "../../.."),
  run("--user", "root\n"),
  run("--user", "../etc"),
  run("--cpuset-cpus", "0;reboot"),
  run("--entrypoint", "$(id)"),
  run("--publish", "80:80;id"),
  run("--publish", "127.1:80:80"),
  run("--net", "n", "--ip", "0x0a320009"),
  run("--net", "name=n,driver-opt=ifname=../x"),
  run("--net", "name=n,driver-opt=ifname=all"),
  run("--net", "name=n,driver-opt=ifname=lo"),
  run("--net", "name=n,driver-opt=host_ifname=lo"),
  run("--net", "name=n,driver-opt=sysctls=net.ipv4.conf.IFNAME.../../kernel/panic=1"),
  run("--net", "name=n,driver-opt=__proto__=1"),
  run("--net", "ns:/proc/self/ns/mnt"),
  run("--net", "ns:/dev/zero"),
  run("--net", "container:../x"),
  create("a\nb"),
  create("__proto__"),
  create("-o", "name=lo", "x"),
  create("-o", "name=default", "x"),
  create("-o", "name=../x", "x"),
  create("-o", "iface_prefix=a/b", "x"),
  create("-o", "constructor=1", "x"),
  create("--driver", "__proto__", "x"),
  ["network", "inspect", "constructor"],
  ["inspect", "../../etc/passwd"],
  ["ps", "--filter", "__proto__=x"],
  ["image", "import", "/etc/passwd", "x"],
  ["image", "import", "/dev/null", "a\u001b[2Jb"],
];

/** Strange, and the business of nobody but the one who says it. */
const harmless: readonly (readonly string[])[] = [
  run("--label", "a=\u001b[2J\n", "--label", "__proto__=x"),
  run("--env", "A=b\nC=d", "--env", "__proto__=1"),
  run("--workdir", "/../../.."),
  run("--volume", "/etc:/a/../../x:ro"),
  run("--volume", "/etc:/etc/hosts:ro"),
  run("--entrypoint", "/bin/../bin/true"),
];

describe("values that mean something to a file, a shell or a terminal", () => {
  beforeAll(async () => {
    await lab().host.mustTsd(create("--subnet", "10.50.0.0/24", "n"));
    await lab().settle();
  });

  test("are refused in a sentence, and nothing is left", async () => {
    const wrong: unknown[] = [];
    for (const words of refused) {
      const { code, stdout, stderr } = await lab().host.tsd(words);
      if (code === 0 || stdout !== "" || !sentence.test(stderr)) wrong.push({ words, code, stdout, stderr });
    }
    expect(wrong).toEqual([]);
  }, 300_000);

  test("or do no harm", async () => {
    for (const words of harmless) expect(await lab().host.tsd(words)).toMatchObject({ code: 0, stderr: "" });
  }, 60_000);
});

test("an --env-file is the container's, and nothing to Node.js", async () => {
  const file = join(lab().host.root, "env");
  writeFileSync(file, "NODE_OPTIONS=--require=/nowhere\nTSD_ROOT=/nowhere\nA=b\n");
  const out = await lab().host.mustTsd([
    "run",
    "--rm",
    "--net",
    "none",
    "--env-file",
    file,
    "busybox",
    "sh",
    "-c",
    "echo $A $TSD_ROOT",
  ]);
  expect(out).toBe("b /nowhere");
  rmSync(file);
}, 60_000);

test.each(["a:b", "a\nb"])("a run directory %j, which programs take for something else, is refused", async (name) => {
  const env = { TSD_RUN: join(lab().host.runDirectory, name) };
  const { code, stderr } = await lab().host.tsd(["ps"], { env });
  expect({ code, isSentence: sentence.test(stderr) }).toEqual({ code: 2, isSentence: true });
});

describe("state in directories of strange names", () => {
  let world: string;
  let tar: string;
  beforeAll(async () => {
    world = realpathSync(mkdtempSync(join(tmpdir(), "tsd-strange-")));
    tar = join(world, "busybox.tar");
    await makeBusyboxTar(tar);
    mkdirSync(join(world, "real"));
    symlinkSync("real", join(world, "link"));
  });
  afterAll(() => rmSync(world, { recursive: true, force: true, maxRetries: 20 }));

  test.each(["a b,d=e\\f'g\"h$(i)", "link", "link/../link/"])(
    "%j",
    async (name) => {
      const { host } = lab();
      const env = { TSD_ROOT: `${world}/${name}/root`, TSD_RUN: `${world}/${name}/run` };
      await host.mustTsd(["image", "import", tar, "busybox"], { env });
      await host.mustTsd(["run", "-d", "--net", "none", "--name", "c", "busybox", "sleep", "1000"], { env });
      expect(await host.mustTsd(["exec", "c", "cat", "/etc/hostname"], { env })).not.toBe("");
      await host.mustTsd(["rm", "-f", "c"], { env });
      await host.run(["umount", "--quiet", `${env.TSD_RUN}/netns`]);
      expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain(world);
    },
    60_000,
  );

  test("the one of the database and the layers may have a colon too", async () => {
    const { host } = lab();
    const env = { TSD_ROOT: `${world}/a:b,c\\d e` };
    await host.mustTsd(["image", "import", tar, "busybox"], { env });
    expect(await host.mustTsd(["run", "--rm", "--net", "none", "busybox", "echo", "x"], { env })).toBe("x");
  }, 60_000);
});
