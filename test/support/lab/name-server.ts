import type { Namespace } from "./namespace.js";
import type { Program } from "./program.js";

/** Replies to every query over UDP with an A record and prints the name; replies to other types are empty. */
const script = (address: string, reply: string): string => `
const server = require("node:dgram").createSocket("${address.includes(":") ? "udp6" : "udp4"}");
server.on("message", (query, { port, address }) => {
  const words = [];
  let at = 12;
  for (; query[at] !== 0; at += query[at] + 1) words.push(query.toString("latin1", at + 1, at + 1 + query[at]));
  const type = query.readUInt16BE(at + 1);
  console.log(words.join(".").toLowerCase());
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8580, 2);
  header.writeUInt16BE(type === 1 ? 1 : 0, 6);
  header.fill(0, 8);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ${reply.split(".").join(", ")}]);
  server.send(Buffer.concat([header, query.subarray(12, at + 5), ...(type === 1 ? [record] : [])]), port, address);
});
server.bind(53, "${address}", () => console.log("ready"));
`;

/** A name server of the world's at an address of the namespace, which replies with one address to all names. */
export async function startNameServer(namespace: Namespace, address: string, reply: string): Promise<Program> {
  const server = namespace.start([process.execPath, "-e", script(address, reply)], { timeout: 600_000 });
  await server.saying("ready");
  return server;
}
