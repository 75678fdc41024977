import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { LabRegistry } from "../support/lab/registry.js";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
const name = "127.0.0.1:5000/team/bb:1";
let registry: LabRegistry;

beforeAll(async () => {
  registry = await LabRegistry.start(lab().host);
  await lab().settle();
}, 120_000);
afterAll(() => registry.remove());

const tsd = (...words: readonly string[]) => lab().host.mustTsd(words);
const skopeo = (...words: readonly string[]) => registry.skopeo(...words);

async function inspected(image: string) {
  const [found] = JSON.parse(await tsd("image", "inspect", image));
  return found;
}

test("an image goes to a registry and comes back as skopeo sees it, and run fetches what is missing", async () => {
  const archive = `${registry.directory}/saved.tar`;
  await tsd("tag", "busybox", "other:2");
  await tsd("save", "--output", archive, "busybox", "other:2");
  const listed = JSON.parse(await skopeo("inspect", `docker-archive:${archive}:docker.io/library/other:2`));
  const original = await inspected("busybox");
  expect(listed).toMatchObject({ Architecture: "amd64", Os: "linux", Layers: original.RootFS.Layers });
  await registry.push(archive, "other:2", "team/bb:1");

  const run = await lab().host.tsd(["run", "--rm", "--net", "none", name, "echo", "hello"]);
  expect(run).toMatchObject({ code: 0, stdout: "hello\n" });
  expect(run.stderr).toMatch(
    /^Unable to find image '127\.0\.0\.1:5000\/team\/bb:1' locally\n1: Pulling from team\/bb\n/,
  );
  const { Digest } = JSON.parse(await skopeo("inspect", "--tls-verify=false", `docker://${name}`));
  const pulled = await inspected(name);
  expect(pulled).toMatchObject({
    RepoTags: expect.arrayContaining([name]),
    RepoDigests: [`127.0.0.1:5000/team/bb@${Digest}`],
    RootFS: { Layers: original.RootFS.Layers },
  });
  expect(await tsd("pull", name)).toMatch(/: Already exists\nDigest: sha256:\w+\nStatus: Image is up to date for /);
  expect(await tsd("pull", "--quiet", `127.0.0.1:5000/team/bb@${Digest}`)).toBe(`127.0.0.1:5000/team/bb@${Digest}`);
  expect(await tsd("history", "--format", "{{.Size}} {{.Comment}}", name)).toMatch(/^\S+MB imported from/);
  await tsd("rmi", name, "other:2");
});

test("what is only planned, refused or not there changes nothing", async () => {
  const { host } = lab();
  expect(await tsd("pull", "--dry-run", name)).toMatch(/^keep image sha256:|^fetch layer sha256:/);
  const failures = [
    [["run", "--net", "none", "--pull", "never", name, "true"], `image "${name}" does not exist`],
    [
      ["run", "--net", "none", "127.0.0.1:5000/team/none", "true"],
      "cannot be pulled: registry 127.0.0.1:5000 has no image team/none:latest",
    ],
    [
      ["create", "127.0.0.1:1/x", "true"],
      "cannot be pulled: registry 127.0.0.1:1 cannot be reached: nothing listens there",
    ],
    [
      ["run", "--net", "none", "--pull", "always", "127.0.0.1:1/x", "true"],
      "tsd: registry 127.0.0.1:1 cannot be reached",
    ],
    [["pull", "--all-tags", name], "has no --all-tags"],
    [["pull", "../x"], "is not an image name"],
  ] as const;
  for (const [words, message] of failures) {
    const { code, stderr } = await host.tsd(words);
    expect(stderr).toContain(message);
    expect(code).not.toBe(0);
  }
  expect(await tsd("images", "--format", "{{.Repository}}")).toBe("busybox");
});

test("save, load and import pass an image on, and rmi takes all of its names", async () => {
  const { host } = lab();
  const { Id } = await inspected("busybox");
  const archive = `${registry.directory}/mine.tar`;
  const line = `"$0" import -c 'CMD ["echo", "mine"]' -m made "$1/busybox.tar" mine >/dev/null && "$0" save mine >"$2"`;
  await host.mustRun(["sh", "-ec", line, "bin/tsd", host.root, archive]);
  const mine = await inspected("mine");
  expect(mine).toMatchObject({ Comment: "made", Config: { Cmd: ["echo", "mine"] } });
  expect(mine.Id).not.toBe(Id);
  await tsd("tag", "mine", "yours");
  expect((await host.tsd(["rmi", mine.Id])).stderr).toContain("has several names: mine:latest, yours:latest");
  await tsd("rmi", "--force", mine.Id);
  expect(await tsd("load", archive)).toBe("Loaded image: mine:latest");
  expect(await tsd("run", "--rm", "--net", "none", "mine")).toBe("mine");
  expect((await inspected("mine")).Id).toBe(mine.Id);
  await tsd("rmi", "mine");
});
