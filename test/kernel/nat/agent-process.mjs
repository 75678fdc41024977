// One process per namespace of the lab. Speaks over node's IPC channel: {id, verb, args} is answered by {id, result}.
import { spawn } from "node:child_process";
import dgram from "node:dgram";
import net from "node:net";

/** Milliseconds after which silence counts as "no answer"; TSD_TEST_PATIENCE says how many on a slow machine. */
const PATIENCE = Number(process.env.TSD_TEST_PATIENCE ?? 400);

/** Addresses from which the servers of this process were called. */
const callers = [];
const plain = (address) => address.replace(/^::ffff:/, "");

const verbs = {
  async callers() {
    return callers;
  },

  /** Replies to every caller on tcp and udp with `name` and the address that it sees. */
  async serve(name, port) {
    const tcp = net.createServer((socket) => {
      const caller = plain(socket.remoteAddress ?? "nobody");
      callers.push(caller);
      socket.on("error", () => {});
      socket.end(`${name} saw ${caller}`);
    });
    await new Promise((resolve, reject) => tcp.once("error", reject).listen(port, "::", resolve));
    const udp = dgram.createSocket("udp6");
    udp.on("message", (_text, from) => {
      callers.push(plain(from.address));
      udp.send(`${name} saw ${plain(from.address)}`, from.port, from.address);
    });
    await new Promise((resolve, reject) => udp.once("error", reject).bind(port, resolve));
  },

  /** Whether a ping is answered. */
  ping(address) {
    return new Promise((resolve) => {
      const argv = ["-c", "1", "-W", "1", address];
      spawn("ping", argv, { stdio: "ignore" }).once("exit", (code) => resolve(code === 0));
    });
  },

  /** What the other side replies, or "no answer". `from` binds the near end. */
  call({ protocol, address, port, from, fromPort }) {
    return protocol === "tcp" ? callTcp(address, port) : callUdp(address, port, { address: from, port: fromPort });
  },
};

function callTcp(host, port) {
  return new Promise((resolve) => {
    let text = "";
    const socket = net.connect({ host, port, timeout: PATIENCE });
    const finish = (result) => {
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

function callUdp(address, port, from) {
  return new Promise((resolve) => {
    const socket = dgram.createSocket(address.includes(":") ? "udp6" : "udp4");
    const finish = (result) => {
      clearTimeout(timer);
      socket.close();
      resolve(result);
    };
    const timer = setTimeout(finish, PATIENCE, "no answer");
    socket.on("message", (data) => finish(String(data)));
    socket.on("error", () => finish("no answer"));
    const send = () => socket.send("hello", port, address, (error) => error && finish("no answer"));
    socket.bind(from, send);
  });
}

process.on("message", async ({ id, verb, args }) => {
  try {
    process.send({ id, result: await verbs[verb](...args) });
  } catch (error) {
    process.send({ id, error: String(error) });
  }
});
process.on("disconnect", () => process.exit());
