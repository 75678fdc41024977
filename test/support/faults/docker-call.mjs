/** Makes calls of docker's to a plug-in, SOCKET PID METHOD JSON …, as long as its process lives. Fails with what it replies. */
import { existsSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const [socketPath, pid, ...calls] = process.argv.slice(2);

while (isAlive() && !(await serves())) await sleep(5);
for (let at = 0; at < calls.length && isAlive(); at += 2) {
  const { status, body } = await call(calls[at], calls[at + 1]).catch(() => ({ status: 200, body: "{}" }));
  if (status === 200 && !body.includes('"Err"')) continue;
  process.stderr.write(`${calls[at]}: ${status} ${body}`);
  process.exitCode = 1;
}

/** A process that was killed stays as a zombie until its parent waits for it. */
function isAlive() {
  return existsSync(`/proc/${pid}`) && !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}

/** A socket of an earlier process may be there first. */
async function serves() {
  return (await call("Plugin.Activate", "").catch(() => undefined)) !== undefined;
}

function call(method, text) {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method: "POST", path: `/${method}` }, (response) => {
      let body = "";
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode, body }));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(text);
  });
}
