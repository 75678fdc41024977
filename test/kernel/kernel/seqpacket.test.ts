import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { connectSeqpacket } from "../../../src/kernel/terminal/seqpacket.js";

/** Accepts one connection and does with it what its second argument says. */
const server = `
import socket, sys, time
listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
import os
os.chdir(os.path.dirname(sys.argv[1]))
listener.bind(os.path.basename(sys.argv[1]))
listener.listen()
print("ready", flush=True)
peer, _ = listener.accept()
if sys.argv[2] == "echo":
    while data := peer.recv(65536):
        peer.send(data)
    peer.send(b"ended")
if sys.argv[2] == "slow":
    time.sleep(0.3)
    total = 0
    while data := peer.recv(65536):
        total += len(data)
    peer.send(str(total).encode())
if sys.argv[2] == "silent":
    peer.recv(1)
`;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tsd-seqpacket-"));
});
const children: ReturnType<typeof spawn>[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill();
  rmSync(directory, { recursive: true });
});

async function listen(mode: string, path = join(directory, "socket")): Promise<string> {
  const child = spawn("python3", ["-c", server, path, mode], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return path;
}

describe("a connection", () => {
  test("keeps packet boundaries in both directions, and hears what follows its own end", async () => {
    const socket = connectSeqpacket(await listen("echo"));
    const packets = ["a", "bc", "x".repeat(60_000)];
    for (const packet of packets) await socket.send(Buffer.from(packet));
    socket.end();
    const heard: string[] = [];
    for (let packet = await socket.receive(); packet; packet = await socket.receive()) heard.push(packet.toString());
    expect(heard).toEqual([...packets, "ended"]);
    socket.close();
  });

  test("does not block the event loop for a reader that is slow, and loses nothing", async () => {
    const socket = connectSeqpacket(await listen("slow"));
    const sent = Promise.all(Array.from({ length: 400 }, () => socket.send(Buffer.alloc(8192))));
    const first = await Promise.race([sent.then(() => "sent"), sleep(50).then(() => "timer")]);
    expect(first).toBe("timer");
    await sent;
    socket.end();
    expect((await socket.receive())?.toString()).toBe(String(400 * 8192));
    socket.close();
  });

  test("closing wakes a pending receive and frees the descriptor", async () => {
    const path = await listen("silent");
    const before = readdirSync("/proc/self/fd");
    const socket = connectSeqpacket(path);
    const packet = socket.receive();
    await sleep(20);
    socket.close();
    expect(await packet).toBeUndefined();
    expect(await socket.receive()).toBeUndefined();
    await expect(socket.send(Buffer.from("late"))).rejects.toThrow(/^cannot send to .*EPIPE/);
    // What other tests left may be closed meanwhile.
    expect(readdirSync("/proc/self/fd").filter((descriptor) => !before.includes(descriptor))).toEqual([]);
  });

  test("reaches a path longer than an address", async () => {
    const deep = join(directory, "d".repeat(100), "e".repeat(100));
    mkdirSync(deep, { recursive: true });
    const socket = connectSeqpacket(await listen("echo", join(deep, "socket")));
    await socket.send(Buffer.from("far"));
    expect((await socket.receive())?.toString()).toBe("far");
    socket.end();
    expect((await socket.receive())?.toString()).toBe("ended");
    socket.close();
  });
});

test.each([["short"], ["l".repeat(150)]])("nobody there is ENOENT and leaks nothing (%s)", (name) => {
  expect(() => connectSeqpacket(join(directory, "warm"))).toThrow();
  const before = readdirSync("/proc/self/fd").length;
  const path = join(directory, name, "socket");
  expect(() => connectSeqpacket(path)).toThrow(`cannot connect to ${path}: no such file or directory (ENOENT)`);
  expect(readdirSync("/proc/self/fd")).toHaveLength(before);
});
