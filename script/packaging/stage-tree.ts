import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../esbuild/settings.ts";
import { writeManual } from "./manual/write-manual.ts";

/** Where tools look for what tsd brings, below /usr or another prefix. */
const completions = {
  bash: "share/bash-completion/completions/tsd",
  zsh: "share/zsh/vendor-completions/_tsd",
  fish: "share/fish/vendor_completions.d/tsd.fish",
};
const hooks = "lib/tsd/hooks";
const units = "lib/systemd/system";
const documents = "share/doc/tsd";

/** Puts all that a package holds below the directory `prefix`, with the executable of that path. `time` is in seconds since 1970. */
export async function stageTree(prefix: string, executable: string, time: number): Promise<void> {
  const place = (path: string): string => {
    mkdirSync(dirname(join(prefix, path)), { recursive: true });
    return join(prefix, path);
  };
  copyFileSync(executable, place("bin/tsd"));
  chmodSync(place("bin/tsd"), 0o755);
  // podman looks for this name in a directory of helper_binaries_dir. By it the executable is tsd in netavark's place.
  symlinkSync("../../../bin/tsd", place("lib/tsd/podman/netavark"));
  for (const [shell, path] of Object.entries(completions)) {
    writeFileSync(place(path), execFileSync(executable, ["completion", shell]));
  }
  await writeManual(join(prefix, "share/man/man1"), time);
  cpSync(`${root}/share/hooks`, place(hooks), { recursive: true });
  for (const unit of readdirSync(`${root}/share/systemd`)) {
    writeFileSync(place(`${units}/${unit}`), installedUnit(readFileSync(`${root}/share/systemd/${unit}`, "utf8")));
  }
  cpSync(`${root}/docs`, place(`${documents}/docs`), { recursive: true });
  for (const name of ["README.md", "ARCHITECTURE.md"]) copyFileSync(`${root}/${name}`, place(`${documents}/${name}`));
  writeFileSync(place(`${documents}/copyright`), copyright(executable));
}

/** A unit of share/systemd without its first lines, which say how to install it; its hook is the package's. */
function installedUnit(text: string): string {
  return text.slice(text.indexOf("[Unit]")).replaceAll("/usr/local/sbin/", `/usr/${hooks}/`);
}

function copyright(executable: string): string {
  const licences = readFileSync(join(dirname(executable), "licences.txt"), "utf8");
  return `tsd\n---\n\n${readFileSync(`${root}/LICENSE`, "utf8").trim()}\n\n${licences}`;
}
