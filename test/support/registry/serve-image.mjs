// A registry on 127.0.0.1:5000 with one small image, team/app:1. Writes its pid to the file that it is given once it listens.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";

const digestOf = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const describe = (bytes) => ({ digest: digestOf(bytes), size: bytes.length });
const json = (value) => Buffer.from(JSON.stringify(value));

const tar = execFileSync("tar", ["-c", "--sort=name", "--mtime=@0", "-C", "test/support/registry", "."]);
const layer = gzipSync(tar);
const config = json({ architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [digestOf(tar)] } });
const manifest = json({ schemaVersion: 2, config: describe(config), layers: [describe(layer)] });

const files = new Map([
  ["/v2/", Buffer.from("{}")],
  ["/v2/team/app/manifests/1", manifest],
  ...[config, layer].map((bytes) => [`/v2/team/app/blobs/${digestOf(bytes)}`, bytes]),
]);

createServer((request, response) => {
  const bytes = files.get(request.url);
  response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
}).listen(5000, "127.0.0.1", () => writeFileSync(process.argv[2], String(process.pid)));
