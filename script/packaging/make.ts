/**
 * Makes a .deb, a tar.gz and the npm package of what script/build has made. The first argument is the
 * directory for them. Their files have the time of the last commit, or SOURCE_DATE_EPOCH.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { root } from "../esbuild/settings.ts";
import { writeDebianPackage } from "./debian-package.ts";
import { stageTree } from "./stage-tree.ts";

/** dpkg's names of processors, by those of Node.js. */
const architectures: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

const directory = resolve(process.argv[2] ?? `${root}/.cache/package`);
const { version, description } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
const time = Number(process.env.SOURCE_DATE_EPOCH ?? lastCommit());
const architecture = architectures[process.arch] ?? process.arch;
const name = `tsd-${version}-linux-${process.arch}`;

process.umask(0o022);
process.env.SOURCE_DATE_EPOCH = String(time);
mkdirSync(directory, { recursive: true });
const work = mkdtempSync(join(tmpdir(), "tsd-package-"));
try {
  await stageTree(`${work}/deb/usr`, `${root}/dist/tsd`, time);
  writeArchive(`${directory}/${name}.tar.gz`);
  writeDebianPackage(
    `${work}/deb`,
    { version, architecture, description },
    `${directory}/tsd_${version}_${architecture}.deb`,
  );
} finally {
  rmSync(work, { recursive: true });
}
execFileSync("npm", ["pack", "--silent", "--offline", "--pack-destination", directory], { cwd: root, stdio: "ignore" });

/** The tree under one directory, which `tar --strip-components=1 -C /usr/local` unpacks to its places. */
function writeArchive(file: string): void {
  renameSync(`${work}/deb/usr`, `${work}/${name}`);
  const same = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", `--mtime=@${time}`, "--format=gnu"];
  execFileSync("tar", [...same, "--use-compress-program=gzip -n", "-cf", file, "-C", work, name], { stdio: "inherit" });
  renameSync(`${work}/${name}`, `${work}/deb/usr`);
}

function lastCommit(): string {
  return execFileSync("git", ["log", "-1", "--format=%ct"], { cwd: root, encoding: "utf8" });
}
