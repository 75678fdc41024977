import { pathToFileURL } from "node:url";
import { zoo } from "./zoo.mjs";

/** Does `work` by the built library with an extension of the zoo, and prints what came of it as JSON: LIBRARY NAME WORK. */
const [library = "", name = "", work = ""] = process.argv.slice(2);
const { openTsd } = await import(pathToFileURL(library).href);
const warnings = [];
try {
  const tsd = await openTsd({ extensions: [zoo[name]], onWarning: (text) => warnings.push(text) });
  const unfinished = tsd.unfinished?.message;
  const result = await new Function("tsd", `return (${work})(tsd)`)(tsd).finally(() => tsd.close());
  process.stdout.write(JSON.stringify({ result, warnings, unfinished }));
} catch ({ kind, code, message }) {
  process.stdout.write(JSON.stringify({ error: { kind, code, message }, warnings }));
}
process.exit();
