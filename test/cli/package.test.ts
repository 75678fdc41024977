import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { makeBusyboxTar } from "../support/lab/busybox.js";
import { useLab } from "../support/lab/lab.js";
import { Overlaid } from "../support/lab/overlaid.js";
import { mustRun, type ProgramOptions } from "../support/lab/program.js";

const lab = useLab();

/** dpkg's state and tsd's are in memory: layers of an image cannot be written to an overlay. */
const prepare = `
mkdir "$1/lib" && mount -t tmpfs tmpfs "$1/lib"
cp -a /var/lib/dpkg "$1/lib/"
mount --move "$1/lib" /var/lib
rm -f /usr/bin/node /usr/local/bin/node /usr/sbin/tsd /usr/local/bin/tsd
`;

let [packages, deb] = ["", ""];
let machine: Overlaid;
beforeAll(async () => {
  packages = mkdtempSync(join(tmpdir(), "tsd-packages-"));
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: packages,
    SOURCE_DATE_EPOCH: "1790000000",
    DPKG_DEB_COMPRESSOR_TYPE: "none",
  };
  await mustRun([resolve("script/with-node"), "node", "script/packaging/make.ts", packages], { env, timeout: 600_000 });
  deb = join(packages, readdirSync(packages).find((name) => name.endsWith(".deb")) ?? "");
  machine = await Overlaid.install(lab().host, "executable", prepare);
  await makeBusyboxTar(join(packages, "busybox.tar"));
  await lab().settle();
});
afterAll(async () => {
  await machine?.remove();
  rmSync(packages, { recursive: true });
});

/** The state is where a package has it, and the programs are the machine's. */
function shell(script: string, options: ProgramOptions = {}): Promise<string> {
  const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", SYSTEMD_OFFLINE: "1" };
  const words = ["env", "-u", "TSD_ROOT", "-u", "TSD_RUN", "bash", "-ec", script, deb, packages];
  return machine.mustRun(words, { timeout: 120_000, ...options, env });
}

const install = 'dpkg --no-triggers --force-unsafe-io --install "$0" 2>&1';
const purge = "dpkg --no-triggers --force-unsafe-io --purge tsd 2>&1";

/** All files but those in which dpkg remembers what it did. */
function files(): Promise<string> {
  return shell(
    "find /usr /etc /run /var ! -path '/var/lib/dpkg/*' ! -path '/var/log/*' ! -path '/run/netns*' | sort | sha1sum",
  );
}

test("a machine without Node.js runs containers from the .deb, whose purge leaves what docs/INSTALL.md says", async () => {
  const before = await files();
  expect(await shell(`type node 2>&1 || true; ${install}`)).toContain("not found");
  await shell('tsd image import "$1/busybox.tar" busybox');
  expect(await shell("tsd run --rm -p 80:80 busybox echo out")).toBe("out\n");
  await shell("tsd network create --subnet 10.88.0.0/24 apart; tsd run -d --name one --net apart busybox sleep 1000");

  expect(await shell(purge)).toContain("/var/lib/tsd is left");
  expect(await shell("ps -C sleep -o args=; ! type tsd 2>/dev/null")).toContain("sleep 1000");
  await shell(`${install}; tsd check; tsd rm -f one`);
  expect(await shell(purge)).toContain("/var/lib/tsd is left");
  await shell(`${install}; tsd network rm apart`);

  // Another tsd has been at work since this one was removed.
  await shell(`${purge.replace("--purge", "--remove")}; sleep 0.01; touch /var/lib/tsd/state.db`);
  expect(await shell(purge)).toContain("/var/lib/tsd is left");
  await shell(install);
  expect(await shell(purge)).not.toContain("left");
  expect(await files()).toBe(before);
  expect(await lab().residue()).toEqual([]);
});

test("it brings pages of the manual, completion, units with their hooks, and all licences", async () => {
  await shell(install);
  expect(await shell("bash -ec '. /usr/share/bash-completion/completions/tsd; complete -p tsd'")).toContain("_tsd tsd");
  for (const shells of ["zsh/vendor-completions/_tsd", "fish/vendor_completions.d/tsd.fish"]) {
    expect(await shell(`tsd completion ${shells.split("/")[0]} | cmp - /usr/share/${shells}`)).toBe("");
  }
  const commands = (await shell("tsd --help")).match(/^ {2}\S+( \S+)*(?= {2,})/gm) ?? [];
  const pages = commands.map((command) => `tsd ${command.trim()}`.replaceAll(" ", "-"));
  const list = await shell("ls /usr/share/man/man1 | grep '^tsd'");
  expect(list.trim().split("\n").sort()).toEqual(["tsd", ...pages].map((page) => `${page}.1.gz`).sort());
  // Debian's groff-base, where it is; test/unit/script/manual.test.ts reads the pages without it.
  const render = "if type groff >/dev/null 2>&1; then groff -man -Tutf8 -ww -z 2>&1; else cat >/dev/null; fi";
  expect(await shell(`for page in /usr/share/man/man1/tsd*; do zcat "$page" | ${render}; done`)).toBe("");
  const programs = await shell("sed -n 's/^ExecStart=//p' /usr/lib/systemd/system/tsd-*.service");
  for (const program of programs.trim().split("\n")) await shell(`test -x ${program.split(" ")[0]}`);
  const version = { CNI_COMMAND: "VERSION", CNI_PATH: "/" };
  const variables = Object.entries(version).map(([name, value]) => `${name}=${value}`);
  const podman = "echo '{}' | /usr/lib/tsd/podman/netavark version";
  expect(await shell(podman)).toContain('"version"');
  await shell("mkdir /var/cni; ln -s /usr/bin/tsd /var/cni/tsd");
  expect(await shell(`${variables.join(" ")} /var/cni/tsd <<<'{"cniVersion":"1.0.0"}'`)).toContain("1.1.0");
  const licences = await shell("cat /usr/share/doc/tsd/copyright");
  for (const name of ["Apache License", "koffi", "@oclif/core", "inversify", "execa", "ipaddr.js", "JavaScriptCore"]) {
    expect(licences).toContain(name);
  }
  await shell(`rm -r /var/cni; ${purge}`);
});

test("the tar.gz is the same tree, which runs from any place", async () => {
  const script = `mkdir /tmp/place; tar -xzf "$1"/tsd-*.tar.gz -C /tmp/place --strip-components=1; dpkg-deb -x "$0" /tmp/other
    diff -r --no-dereference /tmp/place /tmp/other/usr; /tmp/place/bin/tsd --version; rm -r /tmp/place /tmp/other`;
  expect(await shell(script.replaceAll("/tmp/", `${packages}/`))).toMatch(/^tsd \S+\n|^\d+\.\d+\.\d+\n/);
});
