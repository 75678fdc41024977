import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import { connect as connectSecurely, type TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { listenSecurely } from "../../../src/listening/secure-port.js";
import { Certificates } from "../../cli/engine-certificates.js";

const host = "127.0.0.1";
/** Milliseconds that no test waits for. */
const LONG = 1_000_000;
const certificates = new Certificates();
beforeAll(() => {
  certificates.sign("server", `subjectAltName=IP:${host}\nextendedKeyUsage=serverAuth\n`);
  certificates.sign("client", "extendedKeyUsage=clientAuth\n");
});
afterAll(() => certificates[Symbol.dispose]());

let server: Server;
let served: Socket[];
let errors: string[];
let stop: () => void;
let clients: Socket[];
beforeEach(() => {
  server = createServer();
  [served, errors, clients, stop] = [[], [], [], () => undefined];
  server.on("connection", (socket) => served.push(socket));
});
afterEach(() => {
  stop();
  for (const socket of [...clients, ...served]) socket.destroy();
});

/** Returns the port. */
async function serve(handshake: { readonly time: number; readonly most: number }): Promise<number> {
  const port = await freePort();
  const [, , ca = "", , cert = "", , key = ""] = certificates.flags("server");
  const onError = (error: Error): number => errors.push(error.message);
  stop = await listenSecurely(server, { host, port, ca, cert, key }, onError, handshake);
  return port;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, host);
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function silent(port: number): Promise<Socket> {
  const socket = connect(port, host).on("error", () => undefined);
  clients.push(socket);
  await once(socket, "connect");
  return socket;
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => (socket.closed ? resolve() : socket.once("close", () => resolve())));
}

function withCertificate(port: number): TLSSocket {
  const [ca, cert, key] = ["ca.pem", "client-cert.pem", "client-key.pem"].map((name) =>
    readFileSync(certificates.path(name)),
  );
  const socket = connectSecurely({ host, port, ca, cert, key }).on("error", () => undefined);
  clients.push(socket);
  return socket;
}

async function welcome(port: number): Promise<TLSSocket> {
  const socket = withCertificate(port);
  const accepted = once(server, "connection");
  await once(socket, "secureConnect");
  await accepted;
  return socket;
}

test("a client that shows no certificate in time is dropped", async () => {
  const port = await serve({ time: 50, most: 10 });
  const socket = await silent(port);
  await closed(socket);
  expect([errors, served]).toEqual([[expect.stringMatching(/handshake timeout/i)], []]);
});

test("clients that stay silent keep none with a certificate out", async () => {
  const port = await serve({ time: LONG, most: 2 });
  const first = await silent(port);
  const others = [await silent(port), await silent(port)];
  await closed(first);
  const client = await welcome(port);
  expect([others.filter(({ closed }) => closed).length, client.closed, served.length]).toEqual([1, false, 1]);
  expect(new Set(errors)).toEqual(new Set(["2 others that show no certificate came after it"]));
});

test("the end ends those that show no certificate without a word, and not those that did", async () => {
  const port = await serve({ time: LONG, most: 10 });
  const client = await welcome(port);
  const socket = await silent(port);
  // A later one that is served shows that the server has accepted it.
  await welcome(port);
  stop();
  await closed(socket);
  expect([client.closed, served.length, errors]).toEqual([false, 2, []]);
});

test("a handshake that is complete after the end is not served", async () => {
  const port = await serve({ time: LONG, most: 10 });
  const accepted = new Promise<void>((resolve) => {
    server.once("connection", () => {
      stop();
      resolve();
    });
  });
  const late = [1, 2, 3].map(() => withCertificate(port));
  await accepted;
  await Promise.all(late.slice(1).map(closed));
  expect(served).toHaveLength(1);
});
