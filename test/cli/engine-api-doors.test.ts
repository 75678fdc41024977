import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { addresses } from "../support/lab/lab.js";
import { Overlaid } from "../support/lab/overlaid.js";
import type { Output } from "../support/lab/program.js";
import { Certificates } from "./engine-certificates.js";
import { clients, EngineService } from "./engine-lab.js";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab({ shared: true });
const certificates = new Certificates();
const strangers = new Certificates();
const port = `${addresses.host}:2376`;
let service: EngineService;

beforeAll(async () => {
  certificates.sign("server", `subjectAltName=IP:${addresses.host}\nextendedKeyUsage=serverAuth\n`);
  certificates.sign("client", "extendedKeyUsage=clientAuth\n");
  strangers.sign("client", "extendedKeyUsage=clientAuth\n");
  service = await EngineService.startAt(lab(), `tcp://${port}`, ...certificates.flags("server"));
});
afterAll(() => {
  certificates[Symbol.dispose]();
  strangers[Symbol.dispose]();
});

const env = { PATH: process.env.PATH ?? "", HOME: "/nonexistent" };

describe.each(clients)("%s", (client) => {
  /** From another machine. */
  const docker = (flags: readonly string[], args: readonly string[], input?: string): Promise<Output> => {
    const options = { env, timeout: 60_000, ...(input === undefined ? {} : { input }) };
    return lab().internet.run([client, "--host", `tcp://${port}`, ...flags, ...args], options);
  };

  test("a client with a certificate runs containers and commands in them, on connections of its own", async () => {
    const flags = certificates.flags("client");
    const input = "x".repeat(300_000);
    const ran = await docker(flags, ["run", "-i", "--name", "far", "--network", "none", "busybox", "cat"], input);
    expect(ran).toEqual({ code: 0, stdout: input, stderr: "" });
    expect(await docker(flags, ["logs", "far"])).toMatchObject({ code: 0, stdout: input });
    await docker(flags, ["rm", "far"]);
    await docker(flags, ["run", "-d", "--name", "far", "--network", "none", "busybox", "sleep", "1000"]);
    const command = ["exec", "-i", "far", "sh", "-c", "cat; echo err >&2; exit 3"];
    expect(await docker(flags, command, input)).toEqual({ code: 3, stdout: input, stderr: "err\n" });
    expect(await docker(flags, ["rm", "-f", "far"])).toMatchObject({ code: 0 });
  });

  test("a client without a certificate of the authority has no reply", async () => {
    const none = await docker(["--tlsverify", "--tlscacert", certificates.path("ca.pem")], ["version"]);
    // In TLS 1.3 the server looks at the certificate after the client has begun to write.
    const refused = /tls: (certificate required|bad certificate)|connection reset by peer|broken pipe/;
    expect([none.code, none.stderr]).toEqual([1, expect.stringMatching(refused)]);
    const other = strangers
      .flags("client")
      .map((word) => (word.endsWith("/ca.pem") ? certificates.path("ca.pem") : word));
    expect(await docker(other, ["version"])).toMatchObject({ code: 1, stdout: expect.not.stringContaining("Server:") });
    expect(await docker([], ["version"])).toMatchObject({ code: 1, stdout: expect.not.stringContaining("Server:") });
  });
});

test("what does not speak TLS, or an old version of it, has no byte of HTTP", async () => {
  const [cert, key] = [certificates.path("client-cert.pem"), certificates.path("client-key.pem")];
  const own = ["--cacert", certificates.path("ca.pem"), "--cert", cert, "--key", key];
  const get = (...args: readonly string[]) =>
    lab().internet.run(["curl", "--silent", "--max-time", "10", ...args], { env });
  expect(await get(...own, `https://${port}/_ping`)).toMatchObject({ code: 0, stdout: "OK" });
  expect(await get(...own, "--tls-max", "1.2", `https://${port}/_ping`)).toMatchObject({ code: 0, stdout: "OK" });
  const old = ["--tls-max", "1.1", "--tlsv1.0", "--ciphers", "DEFAULT@SECLEVEL=0"];
  for (const refused of [[`http://${port}/_ping`], [...own, ...old, `https://${port}/_ping`]]) {
    const { code, stdout } = await get(...refused);
    expect([code === 0, stdout]).toEqual([false, ""]);
  }
});

test("a port needs all three files, of root alone, which belong together", async () => {
  const refused = async (address: string, ...args: readonly string[]): Promise<string> => {
    const { code, stderr } = await lab().host.tsd(["system", "service", ...args, address]);
    expect(code).not.toBe(0);
    return stderr;
  };
  const [verify = "", , ca = "", , cert = "", , key = ""] = certificates.flags("server");
  const flags = (changed: Readonly<Record<string, string>>): readonly string[] =>
    Object.entries({ tlscacert: ca, tlscert: cert, tlskey: key, ...changed }).flatMap(([name, path]) => [
      `--${name}`,
      path,
    ]);
  const tcp = "tcp://127.0.0.1:2377";
  const empty = certificates.path("empty.pem");
  writeFileSync(empty, "");
  const exposed = certificates.path("exposed.pem");
  copyFileSync(key, exposed);
  chmodSync(exposed, 0o640);
  expect(await refused(tcp)).toContain("--tlscacert, --tlscert, --tlskey is missing");
  expect(await refused(tcp, verify, "--tlscacert", ca, "--tlskey", key)).toContain("--tlscert is missing");
  expect(await refused(tcp, ...flags({ tlskey: exposed }))).toContain("can be used by other users");
  expect(await refused(tcp, ...flags({ tlscacert: empty }))).toContain("has no certificate in PEM");
  expect(await refused(tcp, ...flags({ tlskey: certificates.path("client-key.pem") }))).toContain("does not belong to");
  expect(await refused(tcp, ...flags({ tlscert: "/nosuch" }))).toContain("/nosuch");
  chmodSync(certificates.path("ca.pem"), 0o666);
  expect(await refused(tcp, ...flags({}))).toContain("ca.pem can be changed by other users");
  chmodSync(certificates.path("ca.pem"), 0o644);
  expect(await refused(`tcp://${port}`, ...flags({}))).toContain(
    "port 2376 of 198.51.100.2 is served by another program",
  );
  expect(await refused("tcp://192.0.2.77:2376", ...flags({}))).toContain("does not have the address 192.0.2.77");
  expect(await refused("tcp://docker.example:2376", ...flags({}))).toContain(
    'cannot listen on "tcp://docker.example:2376"',
  );
  expect(await refused(tcp, "--group", "1", ...flags({}))).toContain("--group does not fit");
  expect(await refused("unix:///run/x.sock", "--tlskey", key)).toContain("TLS is for tcp:// alone");
});

test("a group is let in by its name, where it can reach the socket, and others are not", async () => {
  const { host } = lab();
  const machine = await Overlaid.install(
    host,
    "ecosystems",
    "echo friends:x:4242: >>/etc/group; mkdir -m 755 /run/open",
  );
  const tsd = [resolve("bin/tsd"), "system", "service", "--group"];
  const served = machine.start([...tsd, "friends", "unix:///run/open/docker.sock"]);
  await served.saying("serves docker's API");
  const as = (group: string): Promise<Output> => {
    const user = ["setpriv", "--reuid", "65534", "--regid", "65534", "--groups", group];
    return machine.run([...user, "docker", "--host", "unix:///run/open/docker.sock", "ps", "-q"]);
  };
  expect(await as("4242")).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(await as("4243")).toMatchObject({ code: 1, stderr: expect.stringContaining("permission denied") });
  served.kill("SIGTERM");
  expect(await served.ended).toMatchObject({ code: 0, stderr: "" });
  const refused = async (group: string, directory: string): Promise<string> =>
    (await machine.run([...tsd, group, `unix://${directory}/docker.sock`])).stderr;
  const closed = `${host.runDirectory}/closed`;
  mkdirSync(closed, { mode: 0o700 });
  expect(await refused("friends", closed)).toMatch(/members of group 4242 .* does not let them pass/);
  expect(await refused("strangers", "/run/open")).toContain('there is no group "strangers" in /etc/group');
  await machine.mustRun(["sh", "-ec", "chgrp 4242 /run/open; chmod g+w /run/open"]);
  expect(await refused("friends", "/run/open")).toContain("can be changed by other users");
  await machine.mustRun(["rm", "-r", "/run/open"]);
  rmSync(closed, { recursive: true });
  await machine.remove();
});

test("a service on a port ends at SIGTERM, although a client shows no certificate, and leaves nothing behind", async () => {
  const silent = lab().internet.start([
    "bash",
    "-c",
    `exec 3<>/dev/tcp/${addresses.host}/2376; echo connected; cat <&3`,
  ]);
  await silent.saying("connected");
  service.program.kill("SIGTERM");
  const { code, stderr } = await service.program.ended;
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^(tsd: a client was not accepted: .*\n)+$/)]);
  await silent.ended;
  await service.clean();
});
