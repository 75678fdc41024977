/**
 * One process per namespace: serves and calls ports there. Speaks over the IPC channel of Node.js: `{id, verb, args}` gets the
 * reply `{id, result}` or `{id, error}`. It imports nothing of the project, so that it starts fast and from the sources too.
 */
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { connect, createServer } from "node:net";

/** Milliseconds after which silence counts as "no answer". */
const PATIENCE = Number(process.env.TSD_TEST_PATIENCE ?? 400);

interface Call {
  readonly protocol: "tcp" | "udp";
  readonly address: string;
  readonly port: number;
  /** The near end of a udp call. */
  readonly from?: string;
  readonly fromPort?: number;
  /** What a udp call says, in hexadecimal digits. */
  readonly payload?: string;
  /** Milliseconds to wait in place of {@link PATIENCE}, where that is less. */
  readonly patience?: number;
}

/** Addresses from which the servers of this process were called. */
const callers: string[] = [];
const plain = (address: string): string => address.replace(/^::ffff:/, "");

const verbs: Readonly<Record<string, (...args: never[]) => unknown>> = {
  callers: () => callers,

  /** Replies to every caller on tcp and udp with `name` and the address that it sees. */
  async serve(name: string, port: number): Promise<void> {
    const tcp = createServer((socket) => {
      const caller = plain(socket.remoteAddress ?? "nobody");
      callers.push(caller);
      socket.on("error", () => {});
      socket.end(`${name} saw ${caller}`);
    });
    await new Promise<void>((resolve, reject) => tcp.once("error", reject).listen(port, "::", resolve));
    const udp = createSocket("udp6");
    udp.on("message", (_text, from) => {
      callers.push(plain(from.address));
      udp.send(`${name} saw ${plain(from.address)}`, from.port, from.address);
    });
    await new Promise<void>((resolve, reject) => udp.once("error", reject).bind(port, resolve));
  },

  /** Whether a ping gets a reply. */
  ping(address: string): Promise<boolean> {
    return new Promise((resolve) => {
      const argv = ["-c", "1", "-W", "1", address];
      spawn("ping", argv, { stdio: "ignore" }).once("exit", (code) => resolve(code === 0));
    });
  },

  /** What the other side replies, or "no answer". */
  call(call: Call): Promise<string> {
    return call.protocol === "tcp" ? callTcp(call) : callUdp(call);
  },
};

function callTcp({ address: host, port, patience = 0 }: Call): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect({ host, port, timeout: Math.max(patience, PATIENCE) });
    const finish = (result: string): void => {
      socket.destroy();
      resolve(result);
    };
    socket.on("data", (data) => {
      text += data;
    });
    socket.on("end", () => finish(text));
    socket.on("timeout", () => finish("no answer"));
    socket.on("error", () => finish("no answer"));
  });
}

function callUdp({ address, port, from, fromPort, payload, patience = 0 }: Call): Promise<string> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
    const finish = (result: string): void => {
      clearTimeout(timer);
      socket.close();
      resolve(result);
    };
    const timer = setTimeout(finish, Math.max(patience, PATIENCE), "no answer");
    socket.on("message", (data) => finish(String(data)));
    socket.on("error", () => finish("no answer"));
    const text = payload === undefined ? "hello" : Buffer.from(payload, "hex");
    const send = (): void => socket.send(text, port, address, (error) => error && finish("no answer"));
    socket.bind(
      { ...(from === undefined ? {} : { address: from }), ...(fromPort === undefined ? {} : { port: fromPort }) },
      send,
    );
  });
}

process.on("message", async ({ id, verb, args }: { id: number; verb: string; args: never[] }) => {
  try {
    process.send?.({ id, result: await verbs[verb]?.(...args) });
  } catch (error) {
    process.send?.({ id, error: String(error) });
  }
});
process.on("disconnect", () => process.exit());
