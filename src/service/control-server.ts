import { createServer, type Server, type Socket } from "node:net";
import { boundaryOperation } from "../kernel/boundary-operation.js";
import { decode, encode, type Reply, type Request } from "./messages.js";
import { atSocket } from "./socket-path.js";

/** Bytes; a request that names all subjects of a large host is far shorter. */
const LONGEST_REQUEST = 1024 ** 2;

/** What stands behind a {@link ControlServer}. */
export interface Control {
  answer(request: Request): Promise<Reply>;
  /** Called once nothing listens any more and before the reply says so. */
  release(): void;
  /** Called once that reply is sent. */
  exit(): void;
}

/** Takes requests from root's processes by a unix socket, one on each connection. */
export class ControlServer {
  private readonly server: Server;
  private readonly connections = new Set<Socket>();

  constructor(private readonly control: Control) {
    this.server = createServer((connection) => this.serve(connection));
  }

  /** At a path that only root can use: it is bound at once, so nothing else runs under this mask. */
  listen(path: string): Promise<void> {
    return boundaryOperation({ into: "file", what: () => `listen on ${path}` }, () => {
      return new Promise((resolve, reject) => {
        this.server.once("error", reject);
        const mask = process.umask(0o177);
        atSocket(path, (address) => this.server.listen(address, resolve));
        process.umask(mask);
      });
    });
  }

  /** Takes no more connections. A process that waits for another reply than the one on `last` sees its connection end. */
  stop(last?: Socket): void {
    this.server.close();
    for (const connection of this.connections) if (connection !== last) connection.destroy();
  }

  private serve(connection: Socket): void {
    let text = "";
    this.connections.add(connection);
    connection.once("close", () => this.connections.delete(connection));
    connection.on("error", () => connection.destroy());
    connection.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const end = text.indexOf("\n");
      if (end < 0 && text.length < LONGEST_REQUEST) return;
      connection.removeAllListeners("data").resume();
      const request = decode<Request>(text.slice(0, end));
      if (request === undefined) connection.destroy();
      // What failed for one command, such as for want of a descriptor, ends nothing but its connection.
      else this.reply(connection, request).catch(() => connection.destroy());
    });
  }

  private async reply(connection: Socket, request: Request): Promise<void> {
    const reply = await this.control.answer(request);
    if (reply.isEnding) {
      this.stop(connection);
      this.control.release();
      connection.once("close", () => this.control.exit());
    }
    connection.end(encode(reply), () => {
      if (reply.isEnding) this.control.exit();
    });
  }
}
