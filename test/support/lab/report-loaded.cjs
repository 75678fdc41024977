// Writes, at the end of a process, what it has loaded into a file of the directory LOADED: one of its own, since it may start others.
const fs = process.getBuiltinModule("node:fs");
const { dirname, basename } = process.getBuiltinModule("node:path");
const dist = `${dirname(dirname(dirname(__dirname)))}/dist/`;
const before = new Set(process.moduleLoadList);
const files = new Set();
const { readFileSync } = fs;
fs.readFileSync = (path, ...rest) => {
  if (String(path).startsWith(dist)) files.add(basename(String(path)));
  return readFileSync(path, ...rest);
};
process.on("exit", () => {
  const builtins = (process.moduleLoadList ?? []).filter((name) => !before.has(name));
  for (const path of Object.keys(require.cache)) if (path.startsWith(dist)) files.add(basename(path));
  const loaded = {
    command: process.argv.slice(2).join(" "),
    files: [...files].filter((name) => name.endsWith("js")),
    builtins: builtins.map((name) => name.replace(/^NativeModule /, "node:")),
    // In the executable koffi's file has no name, but is alone in its need of this library.
    koffi: readFileSync("/proc/self/maps", "utf8").includes(process.versions.bun ? "libstdc++" : "/koffi.node"),
  };
  fs.writeFileSync(`${process.env.LOADED}/${process.pid}`, JSON.stringify(loaded));
});
