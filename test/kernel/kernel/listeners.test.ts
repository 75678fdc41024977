import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { findListeners } from "../../../src/kernel/host/listeners.js";
import { enterWorld, leaveWorld } from "./world.js";

const servers: Server[] = [];

beforeAll(enterWorld);
afterAll(leaveWorld);
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(port: number, host: string): Promise<void> {
  const server = createServer().listen(port, host);
  servers.push(server);
  await once(server, "listening");
}

test("sockets of the host that wait for callers are found with their process", async () => {
  await listen(8080, "127.0.0.1");
  await listen(8081, "::");
  const mine = { process: { pid: process.pid, name: expect.stringMatching(/./) } };
  expect(findListeners(({ port }) => port >= 8080)).toEqual([
    { protocol: "tcp", address: "127.0.0.1", port: 8080, ...mine },
    { protocol: "tcp", address: "::", port: 8081, ...mine },
  ]);
  expect(findListeners(({ port }) => port === 8082)).toEqual([]);
});
