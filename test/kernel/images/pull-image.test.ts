import { execFileSync } from "node:child_process";
import type { ServerResponse } from "node:http";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { LayerProgress } from "../../../src/api/image.js";
import { useImageLab } from "../../support/image-lab.js";
import { type Handler, json, UntrustedRegistry } from "../../support/registry/untrusted-registry.js";
import { buildTar, digestOf } from "../../support/tar-builder.js";

const lab = useImageLab();
const base = buildTar([{ name: "bin/sh", data: "#!", mode: 0o755 }]);
const upper = buildTar([{ name: "bin/app", data: "app".repeat(40_000) }, { name: "bin/.wh.sh" }]);
const image = { layers: [gzipSync(base), upper], tars: [base, upper], config: { Cmd: ["app"] } };
const blob = `/v2/team/app/blobs/${digestOf(upper)}`;

let registry: UntrustedRegistry;

beforeAll(async () => {
  execFileSync("ip", ["link", "set", "lo", "up"]);
  registry = await UntrustedRegistry.start();
  registry.addImage(image, "1");
});
afterAll(() => registry.stop());
afterEach(() => {
  registry.overrides.clear();
  registry.asked.length = 0;
});

function pull(tag = "1", platform?: string) {
  return lab().images.pull(`${registry.host}/team/app:${tag}`, platform === undefined ? {} : { platform });
}

/** As quick as a slow machine still can be, for what is about failing. */
function hurry(): void {
  lab().registry.timing = { firstByte: 2000, idle: 400, window: 60_000, least: 1, pause: 1, tries: 2 };
}

describe("pull", () => {
  test("keeps the image under its name and its digest, and fetches no layer twice", async () => {
    const seen: LayerProgress[] = [];
    const name = `${registry.host}/team/app`;
    const pulled = await lab().images.pull(`${name}:1`, { onProgress: (progress) => seen.push(progress) });
    expect(pulled).toMatchObject({ reference: `${name}:1`, isNew: true, image: { names: [`${name}:1`] } });
    expect(pulled.image.digests).toEqual([`${name}@${pulled.digest}`]);
    expect(lab().images.get(`${name}@${pulled.digest}`).id).toBe(pulled.image.id);
    expect(lab().read(pulled.image, "bin/app")).toBe("app".repeat(40_000));
    expect(seen.filter(({ status }) => status === "complete")).toHaveLength(2);
    lab().expectNothingUnfinished();

    registry.asked.length = 0;
    const again = await lab().images.pull(`${name}@${pulled.digest}`);
    expect(again).toMatchObject({ reference: `${name}@${pulled.digest}`, image: { names: [`${name}:1`] } });
    expect((await pull()).isNew).toBe(false);
    expect(registry.paths().filter((path) => path.includes(digestOf(upper)))).toEqual([]);

    // Two names and a digest: the digest goes with the last name of its repository.
    await lab().images.tag(name.concat(":1"), "mine");
    expect(await lab().images.remove(`${name}:1`)).toMatchObject({ names: ["mine:latest"], digests: [] });
    await expect(lab().images.history("mine")).resolves.toHaveLength(2);
  });

  test.each<[string, (layer: Buffer) => Buffer]>([
    ["zstd", (layer) => zstdCompressSync(layer)],
    ["gzip", (layer) => gzipSync(layer)],
  ])("reads layers of %s, and an image that is saved is loaded under the same id", async (_how, compress) => {
    registry.addImage({ ...image, layers: image.tars.map(compress) }, "packed");
    const { image: pulled, reference } = await pull("packed");
    const chunks: Uint8Array[] = [];
    for await (const chunk of lab().images.save([reference])) chunks.push(chunk);
    await lab().images.remove(reference);
    expect(lab().layers()).toEqual([]);
    const again = await lab().loadOne(Buffer.concat(chunks));
    expect(again).toMatchObject({ id: pulled.id, layers: pulled.layers, names: [reference] });
  });

  test("takes from an index what the machine runs, or what was asked for", async () => {
    const platform = (architecture: string, variant?: string) => ({ platform: { os: "linux", architecture, variant } });
    const of = (word: string) => registry.addImage({ ...image, config: { Cmd: [word] } });
    const inner = registry.addIndex([
      { ...of("v3"), ...platform("amd64", "v3") },
      { ...of("v1"), ...platform("amd64") },
    ]);
    registry.addIndex(
      [
        { ...of("arm"), ...platform("arm", "v7") },
        { ...inner, ...platform("amd64") },
      ],
      "many",
    );
    expect((await pull("many")).image.config.command).toEqual(["v1"]);
    expect((await pull("many", "linux/amd64/v4")).image.config.command).toEqual(["v3"]);
    await expect(pull("many", "linux/riscv64")).rejects.toMatchObject({
      code: "TSD_IMAGE_PLATFORM",
      message: expect.stringMatching(/for linux\/riscv64, but for linux\/arm\/v7, linux\/amd64$/),
    });
  });

  test("goes on where a connection was cut, and begins again where the registry cannot", async () => {
    hurry();
    let cuts = 0;
    registry.overrides.set(blob, (request, response) => {
      cuts += 1;
      if (cuts > 3) return registry.send(request, response);
      // The second time it takes no range, and sends all from the beginning.
      const start = cuts === 2 ? 0 : Number(/\d+/.exec(request.headers.range ?? "0")?.[0]);
      const range = { "content-range": `bytes ${start}-${upper.length - 1}/${upper.length}` };
      response.writeHead(start > 0 ? 206 : 200, {
        "content-length": upper.length - start,
        ...(start > 0 ? range : {}),
      });
      response.write(upper.subarray(start, start + 30_000), () => response.destroy());
    });
    expect(lab().read((await pull()).image, "bin/app")).toHaveLength(120_000);
    expect(registry.asked.filter(({ path }) => path === blob).map(({ range }) => range !== undefined)).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  test("asks mirrors first, and the registry itself if they fail", async () => {
    hurry();
    const mirror = await UntrustedRegistry.start();
    try {
      mirror.addImage(image, "mirrored");
      lab().registry.settings = () => ({ mirrors: { [registry.host]: [`http://${mirror.host}`] } });
      expect((await pull("mirrored")).reference).toBe(`${registry.host}/team/app:mirrored`);
      expect(registry.asked).toEqual([]);
      await pull("1");
      expect(registry.asked).not.toEqual([]);
    } finally {
      await mirror.stop();
    }
  });
});

describe("a registry that is not to be trusted", () => {
  const config = json({ architecture: "amd64", os: "linux", config: {}, rootfs: { diff_ids: [digestOf(base)] } });
  const zeros =
    (count: number): Handler =>
    (_, response) => {
      const piece = Buffer.alloc(1 << 16);
      let left = count;
      const more = (): void => {
        if (left-- <= 0) response.end();
        else response.write(piece, (error) => (error ? undefined : more()));
      };
      more();
    };
  const redirect =
    (location: string): Handler =>
    (_, response) =>
      response.writeHead(302, { location }).end();
  const sends =
    (bytes: Buffer): Handler =>
    (_, response) =>
      response.end(bytes);
  const manifestOf = (changes: object): Handler =>
    sends(
      json({
        schemaVersion: 2,
        config: registry.add("blobs", config),
        layers: [registry.add("blobs", base)],
        ...changes,
      }),
    );
  const manifest = "/v2/team/app/manifests/1";

  test.each<[string, string, () => Handler, RegExp]>([
    ["sends other bytes of a layer", blob, () => sends(Buffer.alloc(upper.length)), /sends other bytes than sha256:/],
    ["sends more of a layer than it said", blob, () => zeros(1000), /sends more than the \d+ bytes of sha256:/],
    ["sends less of it, again and again", blob, () => sends(upper.subarray(0, 99)), /broke off after 99 of \d+ bytes/],
    ["says nothing", blob, () => () => undefined, /does not reply within 2 seconds$/],
    ["stops in the middle", blob, () => (_, response) => void response.write("x"), /sent nothing for 0\.4 seconds$/],
    ["fails", blob, () => (_, response) => response.writeHead(503).end(), /HTTP 503$/],
    ["redirects in circles", blob, () => redirect(blob), /redirects more than 5 times$/],
    ["redirects to a file", blob, () => redirect("file:///etc/shadow"), /which is not on the web$/],
    ["redirects to another scheme", blob, () => redirect("gopher://127.0.0.1/"), /which is not on the web$/],
    ["redirects nowhere", blob, () => redirect("http://"), /which is no address$/],
    ["redirects to metadata", blob, () => redirect("http://169.254.169.254/latest"), /a link-local address/],
    ["redirects to it in IPv6", blob, () => redirect("http://[::ffff:169.254.169.254]/"), /a link-local address/],
    ["redirects with a password", blob, () => redirect("http://a:b@127.0.0.1/"), /with a user's name before it$/],
    ["sends an endless manifest", manifest, () => zeros(4000), /more than \d+ bytes of manifests\/1, too many/],
    ["sends no JSON", manifest, () => sends(Buffer.from("<html>")), /JSON documents cannot be read$/],
    ["nests JSON", manifest, () => sends(Buffer.from("[".repeat(200_000))), /JSON documents cannot be read$/],
    ["sends something else", manifest, () => sends(json({ hello: 1 })), /something else than an image/],
    ["has docker's first format alone", manifest, () => sends(json({ fsLayers: [] })), /schema 1\) alone/],
    ["names no size", manifest, () => manifestOf({ layers: [{ digest: digestOf(base) }] }), /layers\[0\]\.size/],
    [
      "names a layer of 10 EB",
      manifest,
      () => manifestOf({ layers: [{ digest: digestOf(base), size: 1e19 }] }),
      /not a number of bytes up to/,
    ],
    [
      "names a path as digest",
      manifest,
      () => manifestOf({ layers: [{ digest: "sha256:../../../x", size: 1 }] }),
      /not a sha256 digest$/,
    ],
    ["lists too few layers", manifest, () => manifestOf({ layers: [] }), /lists 0 layers for an image whose/],
    [
      "has another layer under a true digest",
      manifest,
      () => manifestOf({ layers: [registry.add("blobs", upper)] }),
      /has the digest sha256:\w+, but the image says sha256:/,
    ],
    [
      "sends a layer that leads outside",
      manifest,
      () => {
        const evil = buildTar([{ name: "../../etc/passwd", data: "x" }]);
        const document = json({ architecture: "amd64", os: "linux", rootfs: { diff_ids: [digestOf(evil)] } });
        return manifestOf({ config: registry.add("blobs", document), layers: [registry.add("blobs", evil)] });
      },
      /leads out of the image$/,
    ],
    [
      "nests indexes",
      manifest,
      () => {
        const deepest = registry.addImage(image);
        const nested = [1, 2, 3, 4, 5].reduce((inner) => registry.addIndex([inner]), deepest);
        return sends(json({ manifests: [nested] }));
      },
      /nests indexes more than 4 deep$/,
    ],
    [
      "sends header fields without end",
      manifest,
      () => (_, response) => response.writeHead(200, { "x-long": "x".repeat(100_000) }).end(),
      /cannot be reached: .*[Hh]eader/,
    ],
    [
      "asks for a token from a file",
      manifest,
      () => (_, response: ServerResponse) =>
        response.writeHead(401, { "www-authenticate": 'Bearer realm="file:///etc/shadow"' }).end(),
      /which is not on the web$/,
    ],
    [
      "asks for a token from metadata",
      manifest,
      () => (_, response: ServerResponse) =>
        response.writeHead(401, { "www-authenticate": 'Bearer realm="http://169.254.169.254/token"' }).end(),
      /a link-local address/,
    ],
  ])("that %s is refused in words, and nothing is kept", async (_what, path, handler, message) => {
    hurry();
    registry.overrides.set(path, handler());
    await expect(pull()).rejects.toMatchObject({
      code: expect.stringMatching(/^TSD_/),
      message: expect.stringMatching(message),
    });
    expect(lab().images.list()).toEqual([]);
    expect(lab().layers()).toEqual([]);
    lab().expectNothingUnfinished();
  });
});
