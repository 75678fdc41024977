import { test } from "@jest/globals";
import { habitsOf, topics } from "../../support/habits/habits.js";
import { expectFile } from "../nat/golden-cases.js";

test("docs/from-docker.md lists the words that test/cli/habits.test.ts proves", () => {
  expectFile("docs/from-docker.md", page());
});

function page(): string {
  const proved = topics.filter((topic) => topic !== "out-of-scope");
  return `# Coming from docker

\`\`\`sh
alias docker='sudo tsd'
\`\`\`

There is no daemon to start and no group to join: each command does its work as root and ends. Containers, networks and volumes
live on without it.

## The same

Each line is a test (\`script/habits\`) in which the words do what docker does.

${proved
  .map((topic) => habitsOf(topic).map(({ words }) => `- ${words}`))
  .map((lines) => lines.join("\n"))
  .join("\n")}

## Different

- An image comes by \`pull\`, \`load\` or \`import\`. \`run\` pulls one that is missing, as docker does ([images.md](images.md)).
- \`-v DIR:/m:ro\` makes all that is mounted below \`DIR\` read-only too.
- A default network's containers know no names of each other, as with docker; networks that you make have a resolver
  ([names.md](names.md)).
- A published port is a rule and no process: \`ss\` on the host shows no listener. \`tsd ports\` lists all.
- \`--restart\` works without a daemon: after a reboot the unit \`tsd-boot.service\`, once enabled, starts what is to run
  ([restart-and-health.md](restart-and-health.md)).
- Messages go to standard error in one sentence, with a hint. \`run\`, \`exec\` and \`start -a\` use docker's exit codes 125, 126 and 127;
  a wrong command line ends with 2.
- Every change takes \`--dry-run\`. \`tsd check\`, \`reload\`, \`gc\`, \`explain\`, \`capture\`, \`map\`, \`ports\` and \`names\` have no counterpart.

## Not there

tsd says so, and what to use:

${habitsOf("out-of-scope")
  .map(({ words }) => `- ${words}`)
  .join("\n")}
`;
}
