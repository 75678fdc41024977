import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { makeBusyboxTar } from "../../support/lab/busybox.js";
import { askEcho, serveEcho } from "../../support/lab/echo.js";
import { addresses, useLab } from "../../support/lab/lab.js";
import { mustRun } from "../../support/lab/program.js";

const lab = useLab();

describe("the wire", () => {
  test.each([
    ["tcp", addresses.server, addresses.host],
    ["udp", addresses.server, addresses.host],
    ["tcp", addresses.server6, addresses.host6],
    ["udp", addresses.server6, addresses.host6],
  ] as const)("%s to the server at %s arrives from %s", async (protocol, address, from) => {
    const server = await serveEcho(lab().internet, { protocol, address, port: 7 });
    const seen = await askEcho(lab().host, { protocol, address, port: 7 });
    await server.close();
    expect(seen).toBe(from);
  });

  test.each(["tcp", "udp"] as const)("%s without a server gets no answer", async (protocol) => {
    expect(await askEcho(lab().host, { protocol, address: addresses.server, port: 9 }, 200)).toBeUndefined();
  });
});

describe("programs", () => {
  test("their input, output and exit code are passed on", async () => {
    const { stdout, stderr, code } = await lab().host.run(["sh", "-c", "cat; echo oops >&2; exit 3"], {
      input: "hello",
    });
    expect({ stdout, stderr, code }).toEqual({ stdout: "hello", stderr: "oops\n", code: 3 });
  });

  test("one that talks can be answered", async () => {
    const program = lab().internet.start(["sh", "-c", "echo name; read name; echo hello $name"]);
    await program.saying("name");
    program.write("tsd\n");
    await program.saying("hello tsd");
    expect((await program.ended).code).toBe(0);
  });

  test("one that ends without the awaited words is an error with what it said", async () => {
    const program = lab().internet.start(["sh", "-c", "echo no; exit 1"]);
    await expect(program.saying("yes")).rejects.toThrow(/ended without saying yes:\nno/);
  });

  test("they share the mounts of the test", async () => {
    const directory = mkdtempSync(join(tmpdir(), "tsd-lab-"));
    await lab().host.mustRun(["mount", "-t", "tmpfs", "tmpfs", directory]);
    const mounts = await mustRun(["findmnt", "--noheadings", "--output", "FSTYPE", "--mountpoint", directory]);
    await mustRun(["umount", directory]);
    rmSync(directory, { recursive: true });
    expect(mounts.trim()).toBe("tmpfs");
  });
});

test("the busybox archive holds a shell that runs in it", async () => {
  const directory = mkdtempSync(join(tmpdir(), "tsd-lab-"));
  try {
    await makeBusyboxTar(join(directory, "busybox.tar"));
    await mustRun(["tar", "--extract", "--file", join(directory, "busybox.tar"), "--directory", directory]);
    expect(await mustRun(["chroot", directory, "/bin/sh", "-c", "echo $((6*7))"])).toBe("42\n");
  } finally {
    rmSync(directory, { recursive: true });
  }
});
